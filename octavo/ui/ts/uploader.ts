import "./uploader/element";

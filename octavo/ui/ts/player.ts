import "./player/element";

// Loaded on every page: htmx, and the small behaviours that make plain pages quick. Pages work without it.
import "htmx.org/dist/htmx.esm.js";
import { closeMenusOutside } from "./shell/menus";
import { copyOnClick, openDialogs } from "./shell/commands";
import { focusMarked, submitOnce } from "./shell/forms";
import { followPosters } from "./shell/poster-transition";
import { goOnInGrownLists } from "./shell/grown-lists";
import { keepOfflinePage } from "./shell/offline";
import { switchTheme } from "./shell/theme-switch";
import { showToasts } from "./shell/toasts";

switchTheme();
closeMenusOutside();
openDialogs();
copyOnClick();
submitOnce();
focusMarked();
showToasts();
goOnInGrownLists();
followPosters();
keepOfflinePage();

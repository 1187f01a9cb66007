import { submitOnChange } from "./page/autosubmit";
import { askBeforeActing } from "./page/confirm";
import { prepareHtmx } from "./page/htmx";
import { openMenus } from "./page/menu";
import { printOnDemand } from "./page/print";
import { listenToShortcuts } from "./page/shortcuts";
import { mindOutbox } from "./page/signout";

prepareHtmx();
askBeforeActing();
submitOnChange();
openMenus();
listenToShortcuts();
printOnDemand();
mindOutbox();

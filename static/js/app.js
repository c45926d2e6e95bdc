// What pages gain with scripts. Each module looks for its own data attribute and does nothing where it is absent;
// every page works without any of this.
import { loadHanFont } from "./han.js";
import { watchTheme } from "./theme.js";
import { watchMenus } from "./menu.js";
import { watchDialogs } from "./dialog.js";
import { watchForms } from "./form.js";
import { watchDropzones } from "./dropzone.js";
import { watchCopying } from "./copy.js";
import { watchQuantities } from "./quantity.js";
import { watchTiers } from "./tiers.js";
import { watchSelections } from "./select.js";
import { watchGalleries } from "./gallery.js";
import { watchLive } from "./live.js";
import { watchSlash } from "./slash.js";

loadHanFont();
watchTheme();
watchMenus();
watchDialogs();
watchForms();
watchDropzones();
watchCopying();
watchQuantities();
watchTiers();
watchSelections();
watchGalleries();
watchLive();
watchSlash();

import { expose } from "src/host/expose";
import { Windsock } from "src/Windsock";

expose(Windsock);

// While developing, an edit runs this module again and the page shows the new component in place.
import.meta.hot?.accept();

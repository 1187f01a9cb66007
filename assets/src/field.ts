import { Desk } from "./inspection/desk";
import { keepPage } from "./shared/keep";

keepPage("/inspections/worker.js");
void new Desk().open();

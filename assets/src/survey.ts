import { keepPage } from "./shared/keep";
import { SurveyDesk } from "./survey/desk";

keepPage("/survey/worker.js");
void new SurveyDesk().open();

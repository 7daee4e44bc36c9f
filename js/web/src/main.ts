/**
 * The custom elements of the LMS server's pages. Without them a page still reads; it only cannot change anything.
 *
 * This script runs before the page below it is read: a form that is pressed at the first possible moment must not be
 * sent by the browser itself, which would put what was typed into the address.
 */
import { CourseFrame } from "./course.ts";
import { ApiForm } from "./form.ts";
import { LivePart } from "./live.ts";
import { ApiOrder } from "./order.ts";
import { ProviderChoice } from "./providers.ts";
import { ScormStage } from "./scorm.ts";

customElements.define("api-form", ApiForm);
// These look at what is inside or around them, which has to be there.
document.addEventListener("DOMContentLoaded", () => {
  customElements.define("api-order", ApiOrder);
  customElements.define("course-frame", CourseFrame);
  customElements.define("live-part", LivePart);
  customElements.define("provider-choice", ProviderChoice);
  customElements.define("scorm-stage", ScormStage);
});

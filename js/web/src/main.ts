/** The custom elements of the LMS server's pages. Without them a page still reads; it only cannot change anything. */
import { CourseFrame } from "./course.ts";
import { ApiForm } from "./form.ts";
import { LivePart } from "./live.ts";
import { ApiOrder } from "./order.ts";
import { ScormStage } from "./scorm.ts";

customElements.define("api-form", ApiForm);
customElements.define("api-order", ApiOrder);
customElements.define("course-frame", CourseFrame);
customElements.define("live-part", LivePart);
customElements.define("scorm-stage", ScormStage);

/** The frame that holds the relay, or in sandbox mode the SCO itself. */
import { frameName, type StageConfig } from "@scormbridge/protocol";

/** Never allow-top-navigation: content must not be able to take the learner away from the LMS. */
const SANDBOX = "allow-scripts allow-forms allow-popups allow-modals allow-downloads";

/** 32 hexadecimal digits that no other frame can know. */
export function newNonce(crypto: Pick<Crypto, "getRandomValues">): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Makes the frame without putting it into the page. Opaque content gets no origin; other content keeps its own. */
export function makeFrame(document: Document, config: StageConfig["frame"], nonce: string): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.name = frameName(nonce);
  frame.title = config.title;
  frame.allow = config.allow;
  frame.setAttribute("sandbox", config.origin === "null" ? SANDBOX : `${SANDBOX} allow-same-origin`);
  // The launch URL of the LMS page is nobody's business; its origin is what the relay is configured with anyway.
  frame.referrerPolicy = "origin";
  frame.style.cssText = "flex:1;width:100%;min-height:0;border:0";
  frame.src = config.url;
  return frame;
}

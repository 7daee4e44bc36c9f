// Manifests of a given size, shaped like those of large real courses: nested items, a resource with files for each,
// sequencing on some.

/** A SCORM 2004 manifest of at least that many bytes. */
export function manifest(bytes: number): string {
  const items: string[] = [];
  const resources: string[] = [];
  let size = 0;
  for (let at = 0; size < bytes; at++) {
    const item = `<item identifier="item-${at}" identifierref="res-${at}"><title>Lesson ${at}: grasses &amp; herbs of the meadow</title>${
      at % 4 === 0
        ? `<imsss:sequencing><imsss:controlMode choice="true" flow="true"/><imsss:objectives><imsss:primaryObjective objectiveID="obj-${at}" satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.7</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives></imsss:sequencing>`
        : ''
    }</item>`;
    const files = Array.from({ length: 6 }, (_, file) => `<file href="lessons/${at}/media/picture-${file}.jpg"/>`).join('');
    const resource = `<resource identifier="res-${at}" type="webcontent" adlcp:scormType="sco" href="lessons/${at}/index.html"><file href="lessons/${at}/index.html"/>${files}</resource>`;
    items.push(item);
    resources.push(resource);
    size += item.length + resource.length;
  }
  const chapters: string[] = [];
  for (let at = 0; at < items.length; at += 20) {
    chapters.push(`<item identifier="chapter-${at}"><title>Chapter ${at / 20 + 1}</title>${items.slice(at, at + 20).join('\n')}</item>`);
  }
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="generated" version="1" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
<metadata><schema>ADL SCORM</schema><schemaversion>2004 3rd Edition</schemaversion></metadata>
<organizations default="org"><organization identifier="org"><title>A large course</title>
${chapters.join('\n')}
</organization></organizations>
<resources>
${resources.join('\n')}
</resources></manifest>
`;
}

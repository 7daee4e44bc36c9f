// Packages of SCOs that do nothing of their own accord: a test calls their API itself, call by call, and sees each answer.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { run } from '../../site/process.mjs';
import { findFrame } from './player.ts';
import type { Stage } from './stage.ts';

/** One call of a SCO's: the method without the `LMS` of SCORM 1.2, and its parameters. */
export type Call = [method: 'Initialize' | 'GetValue' | 'SetValue' | 'Commit' | 'Finish', ...parameters: string[]];

export interface QuietPackage {
  name: string;
  version: '1.2' | '2004';
  /** Identifiers of SCOs by identifier of their organization; the first organization is the default. */
  organizations: Record<string, string[]>;
  /** What stands in each item besides its title. */
  item?: string;
}

/** Puts a package on the CDN and beside the uploads; answers how an activity gets it, either way. */
export async function publish(stage: Stage, wanted: QuietPackage): Promise<{ url: string; zip: string }> {
  const folder = join(stage.cdn.root, wanted.name);
  const zip = join(stage.zips, `${wanted.name}.zip`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'imsmanifest.xml'), manifest(wanted));
  for (const sco of Object.values(wanted.organizations).flat()) {
    writeFileSync(join(folder, `${sco}.html`), `<!DOCTYPE html><html data-quiet="${sco}"><title>${sco}</title><p>${sco}</p></html>`);
  }
  await run(['zip', '-q', '-r', '-X', zip, '.'], { cwd: folder });
  return { url: stage.manifest(wanted.name), zip };
}

/** Makes calls as the SCO that plays; answers what each returned. */
export async function call(page: Page, sco: string, calls: Call[]): Promise<string[]> {
  const frame = await findFrame(page, `html[data-quiet="${sco}"]`);
  return frame.evaluate((wanted) => {
    type Api = Record<string, (...parameters: string[]) => string>;
    let where: Window & { API?: Api; API_1484_11?: Api } = window;
    while (!where.API && !where.API_1484_11 && where.parent !== where) {
      where = where.parent;
    }
    return wanted.map(([method, ...parameters]) => {
      const name = where.API ? `LMS${method}` : method === 'Finish' ? 'Terminate' : method;
      const given = parameters.length > 0 || method === 'GetValue' ? parameters : [''];
      return String((where.API ?? where.API_1484_11)?.[name]?.(...given));
    });
  }, calls);
}

function manifest({ name, version, organizations, item = '' }: QuietPackage): string {
  const modern = version === '2004';
  const scos = Object.values(organizations).flat();
  const trees = Object.entries(organizations).map(
    ([id, inside]) => `<organization identifier="${id}"><title>${id}</title>${inside
      .map((sco) => `<item identifier="${sco}" identifierref="r-${sco}"><title>${sco}</title>${item}</item>`)
      .join('')}</organization>`,
  );
  const type = modern ? 'adlcp:scormType' : 'adlcp:scormtype';
  const resources = scos.map((sco) => `<resource identifier="r-${sco}" type="webcontent" ${type}="sco" href="${sco}.html"/>`);
  const [cp, adlcp, schema] = modern
    ? ['http://www.imsglobal.org/xsd/imscp_v1p1', 'http://www.adlnet.org/xsd/adlcp_v1p3', '2004 4th Edition']
    : ['http://www.imsproject.org/xsd/imscp_rootv1p1p2', 'http://www.adlnet.org/xsd/adlcp_rootv1p2', '1.2'];
  return `<?xml version="1.0"?>
<manifest identifier="${name}" xmlns="${cp}" xmlns:adlcp="${adlcp}">
<metadata><schema>ADL SCORM</schema><schemaversion>${schema}</schemaversion></metadata>
<organizations default="${Object.keys(organizations)[0]}">${trees.join('')}</organizations>
<resources>${resources.join('')}</resources></manifest>`;
}

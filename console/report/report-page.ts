/** One release on one page that loads no other resources: why it passed or was held, with the numbers. */

import { html } from '../html.js'
import type { ReportData } from './report-data.js'
import { STYLE } from './report-style.js'
import { figuresSection } from './sections/figures-section.js'
import { gatesSection } from './sections/gates-section.js'
import { looksSection } from './sections/looks-section.js'
import { recordSection, tupleSection } from './sections/record-section.js'
import { verdictSection } from './sections/verdict-section.js'

/** A second line of defence: even an unescaped text could not run a script or load anything. */
const CONTENT_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

export function reportPage(data: ReportData): string {
  const { run } = data
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${run.releaseId ?? run.workflowId}: ${run.verdict ?? run.stage}</title>
<style>${STYLE}</style>
</head>
<body><main>
${verdictSection(data)}
${gatesSection(data)}
${figuresSection(data)}
${looksSection(data)}
${recordSection(data)}
${tupleSection(data)}
<footer>Made from ${run.entries.length} ledger entries; the newest is of ${run.entries.at(-1)?.at ?? 'unknown time'}. Event times are in UTC.</footer>
</main></body>
</html>
`.text
}

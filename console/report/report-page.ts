/** One release on one page that loads nothing: why it passed or was held, in numbers. */

import { html } from '../html.js'
import type { ReportData } from './report-data.js'
import { STYLE } from './report-style.js'
import { figuresSection } from './sections/figures-section.js'
import { gatesSection } from './sections/gates-section.js'
import { looksSection } from './sections/looks-section.js'
import { recordSection, tupleSection } from './sections/record-section.js'
import { verdictSection } from './sections/verdict-section.js'

/** Also where a text got through unescaped, nothing would run and nothing would be fetched. */
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
<footer>Made from ${run.entries.length} entries of the registry’s chain, the last of ${run.entries.at(-1)?.at ?? 'no time'}. Event times are in UTC.</footer>
</main></body>
</html>
`.text
}

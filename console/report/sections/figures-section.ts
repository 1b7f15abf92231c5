import type { Figure } from '../../../contracts/types.js'
import { html, type Markup, number, table } from '../../html.js'
import { drawFigure, legendOf } from '../draw-figure.js'
import type { ReportData } from '../report-data.js'

/** The figures that the project drew for its last evaluation. */
export function figuresSection({ evaluations }: ReportData): Markup {
  const figures = evaluations.at(-1)?.report.figures ?? []
  if (figures.length === 0) return html``
  return html`<section><h2>Figures</h2><div class="figures">${figures.map(figureBlock)}</div></section>`
}

export function figureBlock(figure: Figure): Markup {
  const { title, note, kind, series, images = [] } = figure
  return html`<figure>
<h3>${title}</h3>
${note !== undefined && html`<p class="note">${note}</p>`}
${kind !== 'image' && html`${legend(series.map(({ name }) => name))}<div class="scroll" tabindex="0" role="group" aria-label="Plot">${drawFigure(figure)}</div>${figureNumbers(figure)}`}
${images.length > 0 && html`<div class="images">${images.map(imageBlock)}</div>`}
</figure>`
}

const MOST_ROWS = 500

function figureNumbers({ x, y, series }: Figure): Markup {
  const rows = series.flatMap(({ name, points }) =>
    points.map((point) => [
      name,
      String(point.x),
      number(point.y),
      point.low === undefined ? '–' : `${number(point.low)} to ${number(point.high)}`,
    ]),
  )
  if (rows.length === 0) return html``
  return html`<details><summary>Numbers of ${number(rows.length)} points</summary>${table(['series', x, y, 'range'], rows.slice(0, MOST_ROWS), 2)}
${rows.length > MOST_ROWS && html`<p class="note">The first ${number(MOST_ROWS)}.</p>`}</details>`
}

const imageBlock = ({ caption, jpeg }: { caption: string; jpeg: string }): Markup =>
  html`<div><img alt="${caption}" src="data:image/jpeg;base64,${jpeg}"><p>${caption}</p></div>`

export const legend = (names: readonly string[]): Markup =>
  html`<p class="legend">${legendOf(names).map(({ name, colour }) => html`<span><svg viewBox="0 0 12 12" aria-hidden="true"><rect width="12" height="12" rx="3" fill="${colour}"/></svg>${name}</span>`)}</p>`

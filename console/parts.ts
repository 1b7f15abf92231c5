/** Small pieces that pages share. */
import { html, type Markup } from './html.js'

/** A text that a person or a program typed: its direction does not change what is around it. */
export const typed = (text: string, most = Number.POSITIVE_INFINITY): Markup =>
  html`<bdi>${text.length > most ? `${text.slice(0, most)}…` : text}</bdi>`

/** An instant, to the minute in UTC. @param iso in UTC */
export const instant = (iso: string): Markup =>
  html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`

export const percent = (basisPoints: number): string => `${basisPoints / 100} %`

export const badge = (name: string): Markup => html`<span class="badge ${name}">${name.replaceAll('_', ' ')}</span>`

export const fact = (name: string, value: Markup | string): Markup => html`<div><dt>${name}</dt><dd>${value}</dd></div>`

/** Links of a list that is shown in pages; an address that is null has no link. */
export const pageLinks = (newest: string | null, older: string | null, label = 'Pages'): Markup =>
  newest === null && older === null
    ? html``
    : html`<nav class="pages" aria-label="${label}">${newest !== null && html`<a rel="first" href="${newest}">Newest</a> `}${older !== null && html`<a rel="next" href="${older}">Older</a>`}</nav>`

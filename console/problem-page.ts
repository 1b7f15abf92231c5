/** A page that cannot be shown, with its reason and what helps. */
import { html } from './html.js'
import { page, type Visitor } from './page.js'
import { typed } from './parts.js'

const TITLES: Readonly<Record<number, string>> = {
  401: 'A login or a token is required',
  403: 'Not allowed',
  404: 'Not found',
  429: 'Too many requests',
  503: 'Temporarily unavailable',
}

/** Other servers may be away too: the issuer, Temporal. */
const OF_REGISTRY = /registry database/

const ADVICE: Readonly<Record<number, string>> = {
  404: 'It may be of another installation, or not started yet.',
  503: 'Reload this page in a moment.',
}
const REGISTRY_AWAY = {
  title: 'The registry is away',
  advice:
    'Decisions are answered with the releases known last, and are kept on this machine. This page shows the record again when the registry is back: reload it.',
}

export function problemPage(status: number, detail: string, visitor: Visitor | null = null): string {
  const { title, advice } =
    status === 503 && OF_REGISTRY.test(detail)
      ? REGISTRY_AWAY
      : { title: TITLES[status] ?? 'This page cannot be shown', advice: ADVICE[status] ?? '' }
  return page({
    title,
    visitor,
    content: html`<h1>${title}</h1><p class="warning">${typed(detail, 2_000)}</p><p>${advice}</p><p><a href="/">All projects</a></p>`,
  })
}

/** The frame of every page of the console. It works without its script, which only replaces `content` as it changes. */
import { html, type Markup } from './html.js'
import { typed } from './parts.js'

/**
 * No script in a page, nothing from elsewhere, no frame around it.
 * @param formsLeadTo other origins that a form may lead to
 */
export const contentPolicy = (formsLeadTo: readonly string[] = []): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    ["form-action 'self'", ...formsLeadTo].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Who is logged in. */
export interface Visitor {
  readonly name: string
  readonly csrf: string
}

export interface PageParts {
  readonly title: string
  readonly content: Markup
  /** Address of the stream of changes; absent for a page that does not change. */
  readonly live?: string
  /** Null where there is no login. */
  readonly visitor?: Visitor | null
}

export const page = ({ title, content, live, visitor = null }: PageParts): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Slipway</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/console/console.css">
${live !== undefined && html`<script src="/console/console.js" type="module"></script>`}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top"><a href="/"><strong>Slipway</strong></a>
<p id="live" role="status"${live !== undefined && html` data-live="${live}"`}></p>${visitor && visitorBlock(visitor)}</header>
<main id="content" tabindex="-1">${content}</main>
</body>
</html>
`.text

const visitorBlock = ({ name, csrf }: Visitor): Markup =>
  html`<form method="post" action="/logout" class="visitor"><input type="hidden" name="csrf" value="${csrf}">
<span>${typed(name, 200)}</span> <button type="submit">Log out</button></form>`

/** Instead of the page on all projects, for a person who may read some of them only. */
import { html, type Markup } from '../html.js'
import { typed } from '../parts.js'
import { projectPath } from '../paths.js'

export const ownProjects = (names: readonly string[]): Markup =>
  html`<h1>Projects</h1>
<section id="projects"><p>Your groups have roles for these projects. The page on all projects needs the role <code>read</code> for all of them.</p>
<ul>${[...names].sort().map((name) => html`<li><a href="${projectPath(name)}">${typed(name, 80)}</a></li>`)}</ul></section>`

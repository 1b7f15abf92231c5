/**
 * Marks of a plot give their numbers: `<title>` shows them to a pointer and names them for a screen reader. The newest
 * one can be reached by the keyboard, and the script of the console goes from it to the others by arrow keys.
 */
import { seen } from '../html.js'

/** Of the newest so many marks; those before only have a title, and all are in the table beside the plot. */
const FOCUSABLE = 60

interface Part {
  textContent: string | null
  readonly parentElement: Part | null
  setAttribute(name: string, value: string): void
  closest(selectors: string): Part | null
  querySelector(selectors: string): Part | null
}

interface Drawing extends Part {
  readonly children: ArrayLike<Part>
  querySelectorAll(selectors: string): ArrayLike<Part>
}

/** @param svg whose marks with a title are in the order of time @returns whether there are any */
export function makeReadable(svg: Drawing): void {
  const titles = Array.from(svg.querySelectorAll('title'))
  for (const title of titles) title.textContent = seen(title.textContent ?? '')
  if (titles.length === 0) {
    svg.setAttribute('role', 'img')
    return
  }
  // What an image contains cannot be reached: a plot with marks is a group, without its axes.
  svg.setAttribute('role', 'group')
  for (const part of Array.from(svg.children))
    if (part.querySelector('title') === null) part.setAttribute('aria-hidden', 'true')
  const marks = titles.slice(-FOCUSABLE).flatMap(({ parentElement }) => parentElement ?? [])
  marks.forEach((mark, index) => {
    mark.setAttribute('class', 'point')
    mark.setAttribute('role', 'img')
    mark.setAttribute('tabindex', index === marks.length - 1 ? '0' : '-1')
  })
}

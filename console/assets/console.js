// Replaces what changed on an open page. Without it every page shows the same, as of its loading.
const status = document.getElementById('live')
const content = document.getElementById('content')
const CLOSED_AGAIN_MS = 30_000
// The server reports at least every 15 s that the page is up to date.
const SILENT_MS = 60_000
let timer

function show(text, state) {
  if (status.textContent !== text) status.textContent = text
  status.className = state
}

function watch() {
  clearTimeout(timer)
  timer = setTimeout(() => show('No answer from the server: what is shown may be old.', 'away'), SILENT_MS)
}

/** Only parts that differ, so that focus, scrolling, opened details and what is being typed stay. */
function swap(html) {
  const then = named(new DOMParser().parseFromString(`<main>${html}</main>`, 'text/html').querySelector('main'))
  const now = named(content)
  for (const [name, part] of now) if (!then.has(name)) part.remove()
  let before = content.firstElementChild
  for (const [name, next] of then) {
    const part = now.get(name)
    if (!part) {
      content.insertBefore(next, before)
      continue
    }
    if (part !== before) content.insertBefore(part, before)
    before = part.nextElementSibling
    if (part.outerHTML !== next.outerHTML) replace(part, next)
  }
}

/** The parts of a page by their id; those without one by their place among those. */
function named(page) {
  let unnamed = 0
  return new Map([...page.children].map((part) => [part.id || `part ${unnamed++}`, part]))
}

function replace(part, next) {
  const opened = [...part.querySelectorAll('details')].map((one) => one.open)
  next.querySelectorAll('details').forEach((one, index) => {
    if (opened[index]) one.open = true
  })
  const focused = part.contains(document.activeElement) ? document.activeElement : null
  const address = focused?.getAttribute('href')
  const mark = focused && numbersOf(focused)
  const typed = [...part.querySelectorAll('input')].filter((one) => one.value !== one.defaultValue || one === focused)
  const cursor = typed.includes(focused) ? focused.selectionStart : null
  part.replaceWith(next)
  for (const one of typed) {
    const same = next.querySelector(`input[name="${CSS.escape(one.name)}"]`)
    if (!same) continue
    same.value = one.value
    if (one !== focused) continue
    same.focus()
    same.setSelectionRange(cursor, cursor)
  }
  if (address) next.querySelector(`a[href="${CSS.escape(address)}"]`)?.focus()
  else if (mark) [...next.querySelectorAll('.point')].find((one) => numbersOf(one) === mark)?.focus()
}

function connect() {
  const source = new EventSource(status.dataset.live)
  source.onopen = () => {
    show('Live', 'good')
    watch()
  }
  source.addEventListener('content', ({ data }) => {
    swap(JSON.parse(data).html)
    show('Live', 'good')
    watch()
  })
  source.addEventListener('alive', () => {
    show('Live', 'good')
    watch()
  })
  source.addEventListener('away', ({ data }) => {
    show(`The registry is away; shown as of the last answer. ${JSON.parse(data).text}`, 'away')
    watch()
  })
  source.addEventListener('gone', ({ data }) => {
    show(`No longer known: ${JSON.parse(data).text}`, 'away')
    source.close()
    clearTimeout(timer)
  })
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) {
      show('Not live: your session has ended, or the server takes no more streams now. Reload to see changes.', 'away')
      clearTimeout(timer)
      setTimeout(connect, CLOSED_AGAIN_MS)
    } else show('Connecting again …', 'away')
  }
}

// Numbers of the mark of a plot under the pointer or with the focus. Beside the content: what is compared stays as it
// came.
const reading = document.createElement('div')
reading.className = 'reading'
reading.hidden = true
// Screen readers have the title of the mark.
reading.setAttribute('aria-hidden', 'true')
document.body.append(reading)

function numbersOf(part) {
  return part.closest?.('.point')?.querySelector('title')?.textContent ?? ''
}

function read(part) {
  reading.textContent = part ? numbersOf(part) : ''
  reading.hidden = reading.textContent === ''
}

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity }

content.addEventListener('keydown', (event) => {
  const mark = event.target.closest('.point')
  if (mark && event.key === 'Escape') read(null)
  const step = STEPS[event.key]
  if (!mark || step === undefined || event.altKey || event.ctrlKey || event.metaKey) return
  const marks = [...mark.closest('svg').querySelectorAll('.point')]
  marks[Math.min(marks.length - 1, Math.max(0, marks.indexOf(mark) + step))].focus()
  event.preventDefault()
})
content.addEventListener('focusin', ({ target }) => read(target))
content.addEventListener('focusout', () => read(null))
content.addEventListener('pointerover', ({ target }) => read(numbersOf(target) ? target : document.activeElement))

show('Connecting …', '')
connect()

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.(ts|js|mjs|md|yml|sh)$/.test(file) && existsSync(join(root, file)))
const textOf = (file: string) => readFileSync(join(root, file), 'utf8')
const pages = tracked.filter((file) => file.endsWith('.md'))

/** As GitHub makes them: lower case, without punctuation, spaces as dashes. */
const anchorsOf = (page: string) =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

describe('references between files', () => {
  it('sees the pages', () => expect(pages.length).toBeGreaterThan(50))

  it.each(pages)('links of %s lead somewhere', (page) => {
    const text = textOf(page).replaceAll(/```.*?```/gs, '')
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
      if (/^https?:/.test(target)) return []
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : join(dirname(page), path)
      if (!existsSync(join(root, file))) return [target]
      return anchor === undefined || anchorsOf(file).includes(anchor) ? [] : [target]
    })
    expect(broken).toEqual([])
  })

  it('names only pages and decisions that exist', () => {
    const missing = tracked.flatMap((file) =>
      [...textOf(file).matchAll(/docs\/((?:[a-z-]+\/)*(?:[a-z-]+\.md|\d{3}(?![\d-])))/g)].flatMap(([, name = '']) => {
        const exists = name.endsWith('.md')
          ? existsSync(join(root, 'docs', name))
          : tracked.some((known) => known.startsWith(`docs/${name}-`))
        return exists ? [] : [`${file}: docs/${name}`]
      }),
    )
    expect(missing).toEqual([])
  })

  it.each(pages)('files that %s names in code spans exist', (page) => {
    const named = textOf(page).matchAll(/`((?:[a-z][\w.-]*\/)+[\w.-]+\.(?:ts|mjs|md|sh|yml))`/g)
    const missing = [...named].flatMap(([, name = '']) =>
      tracked.some((file) => `/${file}`.endsWith(`/${name}`)) ? [] : [name],
    )
    expect(missing).toEqual([])
  })

  it.each(['design', 'temporal'])('nothing leans on a %s page that is not in the repository', (name) => {
    const page = new RegExp(`(?<![\\w/-])${name}\\.md`)
    expect(tracked.filter((file) => page.test(textOf(file)))).toEqual([])
  })
})

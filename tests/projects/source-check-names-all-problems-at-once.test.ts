import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { project as eta } from '../../projects/eta/index.js'
import { project as forecast } from '../../projects/forecast/index.js'
import type { Project, SourceFormat } from '../../projects/project.js'
import { project as ranking } from '../../projects/ranking/index.js'
import { project as vision } from '../../projects/vision/index.js'
import { checkSource } from '../../releases/check-source.js'
import { fresh, removeSources } from './kit/user-sources.js'

afterAll(removeSources)

const PROJECTS: Pick<Project, 'name' | 'formats' | 'importSnapshot'>[] = [eta, forecast, ranking, vision]
const FORMATS = PROJECTS.flatMap((project) =>
  (project.formats ?? []).map((format) => ({ what: `${project.name}: ${format.name}`, project, format })),
)
const NOW = Date.parse('2026-06-01T00:00:00Z')

type Checking = (typeof FORMATS)[number]
const check = (project: Checking['project'], source: string, cutoff = NOW) =>
  checkSource(project as Project, source, cutoff)

async function exampleOf(format: SourceFormat): Promise<string> {
  const folder = await fresh()
  for (const [file, content] of Object.entries(await format.example())) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), content)
  }
  return join(folder, format.source)
}

it('every project has a format', () => {
  expect(FORMATS.map(({ what }) => what)).toEqual([
    'eta: airport pairs',
    'eta: carrier events',
    'forecast: order lines',
    'forecast: daily counts',
    'ranking: judged queries',
    'vision: photo labels',
    'vision: magnetic-tile manifest',
  ])
})

describe.each(FORMATS)('$what', ({ project, format }) => {
  let source: string
  beforeAll(async () => {
    source = await exampleOf(format)
  }, 60_000)

  it('the example passes, and no row of it is left out', async () => {
    const found = await check(project, source)
    expect(found).toMatchObject({ ok: true, problems: [] })
    expect(found.snapshot?.rows).toBeGreaterThan(60)
    expect(found.snapshot?.rejected.filter(({ reason }) => !reason.startsWith('days on which'))).toEqual([])
  }, 60_000)

  it('names every field that the importer reads, and no other as required', async () => {
    for (const [file, content] of Object.entries(await format.example())) {
      if (!file.endsWith('.csv')) continue
      const header = String(content).split('\n')[0]?.split(',') ?? []
      const fields = format.files.flatMap((one) => one.fields)
      const names = fields.flatMap(({ name }) => name.split(', '))
      expect(header.filter((column) => !names.includes(column))).toEqual([])
      const required = fields.filter(({ optional }) => !optional).flatMap(({ name }) => name.split(', '))
      for (const name of required) {
        const place = header.indexOf(name)
        expect(place, name).toBeGreaterThanOrEqual(0)
        const without = String(content)
          .split('\n')
          .map((line) =>
            line
              .split(',')
              .filter((_, index) => index !== place)
              .join(','),
          )
        const path = format.source === '' ? join(source, file) : source
        writeFileSync(path, without.join('\n'))
        const { problems } = await check(project, source)
        writeFileSync(path, content)
        expect(JSON.stringify(problems), name).toContain(name)
      }
    }
  }, 60_000)
})

it('a file of flights with many faults: all kinds, with counts and the first places', async () => {
  const [format] = eta.formats as [SourceFormat]
  const source = await exampleOf(format)
  const lines = readFileSync(source, 'utf8').split('\n')
  const spoil = (line: number, from: string | RegExp, to: string) => {
    lines[line] = (lines[line] as string).replace(from, to)
  }
  for (const line of [5, 6, 7, 8]) spoil(line, /,(-?\d+),/, ',soon,')
  spoil(6, /^[^,]*/, 'yesterday')
  spoil(10, 'JFK', 'jfk')
  for (let line = 100; line < 150; line += 1) spoil(line, /,(-?\d+),/, ',9999,')
  writeFileSync(source, [...lines, '2026-06-02T05:00,1,700,JFK,LAX', '2026-06-02T05:01,1,700,JFK,LAX'].join('\n'))
  const { ok, problems, snapshot } = await check(eta as Checking['project'], source)
  expect(ok).toBe(false)
  expect(problems).toEqual([
    {
      problem: 'flights.csv: delay is not a number',
      count: 4,
      places: ['row 5 "soon"', 'row 6 "soon"', 'row 7 "soon"'],
    },
    {
      problem: 'flights.csv: date is not a time such as 2001-03-10T08:15 in the years 1970 to 9999',
      count: 1,
      places: ['row 6 "yesterday"'],
    },
    {
      problem: 'flights.csv: origin is not an airport code of three capitals',
      count: 1,
      places: [expect.stringContaining('"jfk"')],
    },
    {
      problem: expect.stringMatching(
        /50 of 3026 rows cannot be used: 50 for delay outside .* \(row 100: 2013-01-01T21:30 JFK-LAX/,
      ),
      count: 1,
      places: [],
    },
    { problem: expect.stringMatching(/has 2 rows dated after the cutoff/), count: 1, places: [] },
  ])
  // What is sound is counted all the same.
  expect(snapshot?.rows).toBe(3_024 - 5 - 50)
})

it('a folder of judged queries with faults in both files', async () => {
  const [format] = ranking.formats as [SourceFormat]
  const source = await exampleOf(format)
  const products = readFileSync(join(source, 'products.jsonl'), 'utf8').split('\n')
  products[1] = '{"asin": "P001"}'
  products[2] = 'no JSON'
  products[3] = products[4] as string
  writeFileSync(join(source, 'products.jsonl'), products.join('\n'))
  const { problems } = await check(ranking as Checking['project'], source)
  const said = problems.map(({ problem }) => problem).join('\n')
  for (const part of [
    'line 2: title is missing',
    'line 3 is not JSON',
    'two rows for product P004',
    'judges 9 products',
  ])
    expect(said).toContain(part)
})

it('judged queries: wrong grades do not hide what is wrong besides', async () => {
  const [format] = ranking.formats as [SourceFormat]
  const source = await exampleOf(format)
  const file = join(source, 'judgements.json')
  const written = JSON.parse(readFileSync(file, 'utf8')) as {
    judgmentRatings: { query: string; ratings: { docId: string; rating: unknown }[] }[]
  }
  const [a, b, c, d] = written.judgmentRatings as [Entry, Entry, Entry, Entry]
  type Entry = (typeof written.judgmentRatings)[number]
  for (const item of a.ratings) item.rating = 101
  a.ratings.push({ ...a.ratings[0], rating: 'good' } as Entry['ratings'][number])
  b.query = ' '
  c.ratings = []
  d.ratings = d.ratings.map((item) => ({ ...item, docId: `gone-${item.docId}` }))
  written.judgmentRatings.push({ ...a, query: 'a query' }, { ...a, query: 'a query' })
  writeFileSync(file, JSON.stringify(written))
  const { problems } = await check(ranking as Checking['project'], source)
  const said = problems.map(({ problem, count }) => `${count} ${problem}`).join('\n')
  for (const part of [
    `${a.ratings.length * 3} judgements.json: ratings.rating must be a grade from 0 to 100`,
    '1 judgements.json: query must not be empty',
    'has query "a query" twice',
    `judges product ${a.ratings[0]?.docId} twice for query`,
    `has query ${JSON.stringify(c.query)} without judged products`,
    `judges ${d.ratings.length} products that are not in the catalogue`,
  ])
    expect(said).toContain(part)
})

it('a folder of photos: missing files, and shipments in both halves', async () => {
  const [format] = vision.formats as [SourceFormat]
  const source = await exampleOf(format)
  const [header, ...rows] = readFileSync(join(source, 'labels.csv'), 'utf8').split('\n') as [string, ...string[]]
  const shipment = rows[0]?.split(',')[1]
  const changed = rows.map(
    (row, index) => `${index === 7 ? row.replace('.jpg', '-gone.jpg') : row},${index === 0 ? 'test' : 'train'}`,
  )
  const twin = `${(rows[1] as string).replace(/^([^,]*),[^,]*/, `$1,${shipment}`)},train`
  writeFileSync(
    join(source, 'labels.csv'),
    [`${header},split`, ...changed.map((row, index) => (index === 1 ? twin : row))].join('\n'),
  )
  const { problems } = await check(vision as Checking['project'], source)
  const said = problems.map(({ problem }) => problem).join('\n')
  expect(said).toContain('lists 1 photos that do not exist')
  expect(said).toContain(`has shipments in both halves of its split: ${shipment}`)
})

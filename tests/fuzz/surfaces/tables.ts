/** Files of text that users give: flights, demand, products, judgements and labels of photos. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { DAY_MS } from '../../../contracts/duration.js'
import { SlipwayError } from '../../../contracts/failure.js'
import { snapshotManifest } from '../../../contracts/schemas/index.js'
import { project as eta } from '../../../projects/eta/index.js'
import { project as forecast } from '../../../projects/forecast/index.js'
import { collectProblems } from '../../../projects/kit/source-problems.js'
import type { Project, SnapshotRequest } from '../../../projects/project.js'
import { project as ranking } from '../../../projects/ranking/index.js'
import { fileOf } from '../../../projects/vision/generator/draw-photo.js'
import { scenesBetween } from '../../../projects/vision/generator/scenes.js'
import { project as vision } from '../../../projects/vision/index.js'
import { changedBytes, changedJson, changedTable } from '../mutate.js'
import { type Answer, surface } from '../surface.js'

export const root = mkdtempSync(join(tmpdir(), 'slipway-fuzz-tables-'))
export const remove = (): void => rmSync(root, { recursive: true, force: true })
const [source, outFolder] = [join(root, 'source'), join(root, 'out')]

type Importer = Pick<Project, 'importSnapshot' | 'name'>

/** Takes files as a release and as a check of the source would, and looks whether anything else was written. */
export async function importFiles(
  project: Importer,
  files: Readonly<Record<string, string | Uint8Array>>,
  { name, checks, cutoff }: { name: string; checks: boolean; cutoff: number },
) {
  for (const folder of [source, outFolder]) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
  }
  for (const [file, content] of Object.entries(files)) writeFileSync(join(source, file), content)
  const problems = checks ? { problems: collectProblems() } : {}
  const answer = await answerOf(project, { source: join(source, name), cutoff, outFolder, ...problems }, !checks)
  const beside = readdirSync(root).filter((file) => file !== 'source' && file !== 'out' && file !== 'secret.jpg')
  if (beside.length > 0) throw new Error(`files were written beside the folders: ${beside.join()}`)
  for (const file of readdirSync(outFolder)) {
    if (readFileSync(join(outFolder, file)).includes(SECRET))
      throw new Error(`${file} holds a file from outside of the source`)
  }
  return answer
}

async function answerOf(project: Importer, request: SnapshotRequest, whole: boolean): Promise<Answer> {
  try {
    const { manifest } = await project.importSnapshot(request)
    const head = { schema: 'slipway.snapshot/1', project: project.name, data: `sha256:${'0'.repeat(64)}` }
    if (whole) snapshotManifest.parse({ ...head, ...manifest })
    return 'taken'
  } catch (error) {
    if (error instanceof SlipwayError && error.type === 'BadData') return 'refused'
    throw error
  }
}

const SECRET = 'a secret of another folder'
const rowsOf = (text: string): string[][] => text.split('\n').map((line) => line.split(','))
const flights = [
  'date,delay,distance,origin,destination\n2013-01-01T05:00,3,700,JFK,LAX\n2013-01-02T06:30,-4,400,LGA,ORD\n2013-01-03T07:10,,187,JFK,BOS',
  'year,month,day,hour,minute,dep_delay,arr_delay,carrier,flight,origin,dest,air_time,distance\n2013,1,1,5,15,2,11,UA,1545,EWR,IAH,227,1400\n2013,1,2,5,29,4,20,UA,1714,LGA,IAH,NA,1416',
].map(rowsOf)
const demand = [
  'Invoice,StockCode,Quantity,InvoiceDate,Price\n1,A,1,2024-01-01 10:00,2.5\nC2,A,-1,2024-01-02 10:00,2.5\n3,B,4,1/3/2024 8:26,1\n4,B,4,2024-01-04,1',
  'date,series,count,promoted\n2024-01-01,A,3,0\n2024-01-02,A,4,1\n2024-01-03,A,0,\n2024-01-01,B,3,0',
  'date,series,count,closed,school_holiday,store_type\n2024-01-01,A,3,0,1,city\n2024-01-02,A,,1,,city\n2024-01-01,B,3,,0,village',
].map(rowsOf)

const table = (tables: readonly string[][][]) =>
  fc.oneof(
    { weight: 5, arbitrary: changedTable(tables).map((text) => Buffer.from(text)) },
    { weight: 2, arbitrary: changedBytes(tables.map((rows) => Buffer.from(rows.map((row) => row.join()).join('\n')))) },
    { weight: 1, arbitrary: changedBytes(tables.map((rows) => gzipSync(rows.map((row) => row.join()).join('\n')))) },
  )
const files = (tables: readonly string[][][]) => fc.record({ bytes: table(tables), checks: fc.boolean() })

export const flightTables = surface({
  name: 'CSV of flights',
  share: 8,
  cases: files(flights),
  run: ({ bytes, checks }) =>
    importFiles(eta, { 'f.csv': bytes }, { name: 'f.csv', checks, cutoff: Date.parse('2013-02-01T00:00:00Z') }),
})

export const demandTables = surface({
  name: 'CSV of demand',
  share: 8,
  cases: files(demand),
  run: ({ bytes, checks }) =>
    importFiles(forecast, { 'd.csv': bytes }, { name: 'd.csv', checks, cutoff: Date.parse('2024-06-01T00:00:00Z') }),
})

const example = (await ranking.formats?.[0]?.example()) ?? {}
const catalogue = String(example['products.jsonl']).split('\n')
const judged = String(example['judgements.json'])
const product = {
  ...(JSON.parse(catalogue[0] ?? '') as object),
  brand: 'Brassworks',
  color: null,
  category: ['Home', 'Lamps'],
  rating: 4.5,
  rating_count: 3,
}
const json = (value: unknown) => Buffer.from(String(JSON.stringify(value)))

export const judgedFolders = surface({
  name: 'catalogues and judgements',
  share: 6,
  // One of the two files is changed: few cases would be taken otherwise.
  cases: fc.record({
    changed: fc.oneof(
      fc.record({
        catalogue: fc.oneof(
          changedJson([product]).map((one) => Buffer.from([JSON.stringify(one), ...catalogue.slice(1)].join('\n'))),
          changedBytes([Buffer.from(catalogue.join('\n')), gzipSync(catalogue.join('\n'))]),
        ),
      }),
      fc.record({
        judgements: fc.oneof(
          changedJson([JSON.parse(judged)]).map(json),
          changedBytes([Buffer.from(judged), gzipSync(judged)]),
        ),
      }),
    ),
    checks: fc.boolean(),
  }),
  run: ({ changed, checks }) => {
    const files = { catalogue: catalogue.join('\n'), judgements: judged, ...changed }
    return importFiles(
      ranking,
      { 'products.jsonl': files.catalogue, 'judgements.json': files.judgements },
      { name: '', checks, cutoff: Date.parse('2025-03-10T00:00:00Z') },
    )
  },
})

const day = Date.parse('2026-02-02T00:00:00Z')
const scene = scenesBetween(day, day + DAY_MS).find(({ defect }) => defect === null)
const photo = await fileOf(scene as NonNullable<typeof scene>)
const labels = [
  'file,shipment,source,taken_at,damaged,reviewed_at,usable,claim_filed,split\na.jpg,S1,dock,2026-02-02T08:00Z,1,2026-02-03T08:00Z,1,0,train\nb.jpg,S2,dock,2026-02-02T09:00Z,0,,1,,test\n../secret.jpg,S3,dock,2026-02-02T09:00Z,0,,1,,test',
  'file,class,defect,exposure\na.jpg,Free,0,1\nimg_num_12.jpg,Crack,1,2',
].map(rowsOf)

export const labelFiles = surface({
  name: 'labels of photos',
  share: 4,
  cases: files(labels),
  run({ bytes, checks }) {
    writeFileSync(join(root, 'secret.jpg'), SECRET)
    return importFiles(
      vision,
      { 'labels.csv': bytes, 'a.jpg': photo, 'b.jpg': photo },
      { name: '', checks, cutoff: Date.parse('2026-03-02T00:00:00Z') },
    )
  },
})

import { expect, it } from 'vitest'
import { DAY_MS } from '../../../contracts/duration.js'
import type { ReplayEvent } from '../../../projects/project.js'
import { scenesBetween } from '../../../projects/vision/generator/scenes.js'
import type { PhotoInput } from '../../../projects/vision/photos/photo.js'
import { withPack } from '../../../projects/vision/photos/photo-pack.js'
import { replay } from '../../../projects/vision/serve.js'
import { FROM, folder, importFolder, lineOf, parcelFolder, writeLabels, writePhotos } from './parcel-folders.js'

/** Seven days, so that three of them and the label horizon lie after the cutoff. */
const scenes = scenesBetween(FROM, FROM + 7 * DAY_MS)
const CUT = FROM + 3 * DAY_MS

async function* eventsOf(
  source: string | undefined,
  from: number,
  to: number,
): AsyncGenerator<ReplayEvent<PhotoInput>> {
  yield* replay({ from, to, ...(source === undefined ? {} : { source }) })
}

it('a folder with later photos gives those before the cutoff, with reviews made before it', async () => {
  const path = folder()
  await writePhotos(path, scenes)
  writeLabels(path, scenes.map(lineOf))
  const { snapshot, dataFile } = await importFolder(path, CUT)
  const rows = await withPack(dataFile, async (pack) => pack.rows)
  expect(snapshot.censored).toBeGreaterThan(10)
  expect(snapshot.labelled).toBeGreaterThan(10)
  for (const { file, takenAt, review } of rows) {
    const truth = scenes.find((scene) => scene.file === file)
    expect(takenAt).toBeLessThan(CUT)
    const known = truth?.knownAt != null && truth.knownAt < CUT
    expect(review === null ? null : review.damaged, file).toBe(known ? truth.damaged : null)
  }

  const events = []
  for await (const event of eventsOf(path, CUT, CUT + DAY_MS)) events.push(event)
  const expected = scenes.filter(({ takenAt }) => takenAt >= CUT && takenAt < CUT + DAY_MS)
  expect(events.map(({ id }) => id)).toEqual(expected.map(({ file }) => file))
  expect(events.map(({ label }) => (label as { damaged: number } | null)?.damaged ?? null)).toEqual(
    expected.map(({ damaged, knownAt }) => (knownAt === null ? null : damaged)),
  )
}, 60_000)

it('what a decision sees is the photo, its shipment and its dock, and nothing that a review says', async () => {
  const events = []
  for await (const event of eventsOf(undefined, CUT, CUT + DAY_MS / 2)) events.push(event)
  expect(events.length).toBeGreaterThan(10)
  for (const { input } of events) expect(Object.keys(input).sort()).toEqual(['photo', 'shipment', 'source'])
})

it('the same days are the same traffic, whichever piece is asked for first', async () => {
  const ids = async (from: number, to: number) => {
    const found = []
    for await (const { id, input } of eventsOf(undefined, from, to)) found.push(`${id} ${input.photo.length}`)
    return found
  }
  const whole = await ids(CUT, CUT + DAY_MS)
  expect([...(await ids(CUT, CUT + DAY_MS / 2)), ...(await ids(CUT + DAY_MS / 2, CUT + DAY_MS))]).toEqual(whole)
})

it('a folder without dates has nothing to replay', async () => {
  const path = await parcelFolder(scenes.slice(0, 70))
  const { writeFileSync } = await import('node:fs')
  writeFileSync(
    `${path}/labels.csv`,
    ['file,class,defect,exposure', ...scenes.slice(0, 70).map(({ file }) => `${file},x,0,1`)].join('\n'),
  )
  const events = []
  for await (const event of eventsOf(path, 0, CUT)) events.push(event)
  expect(events).toEqual([])
}, 60_000)

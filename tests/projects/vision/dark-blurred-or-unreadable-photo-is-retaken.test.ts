import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { DAY_MS } from '../../../contracts/duration.js'
import { fileOf } from '../../../projects/vision/generator/draw-photo.js'
import { type Defect, scenesBetween } from '../../../projects/vision/generator/scenes.js'
import { project } from '../../../projects/vision/index.js'
import { actionPolicyFor } from '../../../projects/vision/model/decide.js'
import { decode, isReadable } from '../../../projects/vision/photos/decode-photo.js'
import type { LabelledPhoto } from '../../../projects/vision/photos/photo.js'
import { qualityOf } from '../../../projects/vision/photos/quality.js'
import { FROM, goodScenes, importFolder, parcelFolder, trainRequest } from './parcel-folders.js'

const scenes = scenesBetween(FROM, FROM + 12 * DAY_MS)
const of = (defect: Defect) => scenes.filter((scene) => scene.defect === defect).slice(0, 8)

/** The policy that reviewers' judgement of usable photos leads to. */
async function learnedPolicy() {
  const labelled: LabelledPhoto[] = []
  for (const scene of goodScenes(150)) {
    const decoded = await decode(await fileOf(scene))
    if (!isReadable(decoded)) throw new Error(decoded)
    const review = { damaged: scene.damaged, usable: scene.usable, knownAt: scene.takenAt }
    const { file, shipment, takenAt } = scene
    labelled.push({ file, shipment, source: '', takenAt, review, claim: null, half: null, ...qualityOf(decoded) })
  }
  return actionPolicyFor(labelled)
}

it('photos that show too little are asked for again, and hardly any other', async () => {
  const policy = await learnedPolicy()
  const imported = await importFolder(await parcelFolder(goodScenes(150)))
  const { artifactFile, featureVersion } = await project.baseline(trainRequest(imported))
  const scorer = await project.load({ artifact: await readFile(artifactFile), featureVersion })
  const actions = async (files: readonly Uint8Array[]) => {
    const inputs = files.map((file) => ({ photo: Buffer.from(file).toString('base64'), shipment: 's', source: 'd' }))
    for (const input of inputs.filter(({ photo }) => photo.length < 1_000_000))
      expect(project.inputSchema?.parse(input)).toEqual(input)
    const outputs = await scorer.score(inputs)
    for (const value of outputs.flatMap((output) => Object.values(output))) expect(Number.isFinite(value)).toBe(true)
    return outputs.map((output, index) => project.decide(output, policy, inputs[index] as (typeof inputs)[number]))
  }
  for (const defect of ['dark', 'blurred', 'small', 'truncated', 'text'] as const) {
    const bad = of(defect)
    expect(bad.length, defect).toBeGreaterThan(0)
    const answered = await actions(await Promise.all(bad.map(fileOf)))
    expect(answered, defect).toEqual(bad.map(() => 'retake'))
  }
  expect(await actions([new Uint8Array(), Buffer.from('no picture'), Buffer.alloc(20_000_000, 0xff)])).toEqual([
    'retake',
    'retake',
    'retake',
  ])
  const usable = await actions(await Promise.all(goodScenes(150).map(fileOf)))
  expect(usable.filter((action) => action === 'retake').length).toBeLessThan(6)
}, 60_000)

it('a request that names no photo, no shipment, or what a reviewer said is refused before it is scored', () => {
  const accepted = (input: unknown) => project.inputSchema?.safeParse(input).success
  const input = { photo: Buffer.from('any bytes').toString('base64'), shipment: 'S1', source: 'dock-north' }
  expect(accepted(input)).toBe(true)
  expect(accepted({ ...input, photo: '{not base64}' })).toBe(false)
  expect(accepted({ ...input, shipment: '' })).toBe(false)
  expect(accepted({ photo: input.photo, shipment: 'S1' })).toBe(false)
  expect(accepted({ ...input, claim_filed: 1 })).toBe(false)
})

it('a needless retake, a needless review and a miss cost what the policy says', async () => {
  const policy = await learnedPolicy()
  const cost = (action: string, damaged: number, usable: number) =>
    project.loss({ action, output: {}, label: { damaged, usable } }, policy)
  expect([cost('pass', 1, 1), cost('pass', 0, 1), cost('pass', 1, 0)]).toEqual([5, 0, 5])
  expect([cost('review', 1, 1), cost('review', 0, 1), cost('review', 1, 0)]).toEqual([0, 1, 1])
  expect([cost('retake', 1, 1), cost('retake', 0, 1), cost('retake', 1, 0)]).toEqual([0.5, 0.5, 0])
  expect(project.loss({ action: 'pass', output: {}, label: 1 }, policy)).toBe(5)
}, 60_000)

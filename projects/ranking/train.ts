/** Trains a candidate, or fits the baseline. */
import { DAY_MS } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { TrainProgress, TrainRequest, TrainResult } from '../project.js'
import type { Page, Rows } from './data/page.js'
import { readRows } from './data/page-rows.js'
import { FEATURE_VERSIONS, type FeatureVersion } from './features/definitions.js'
import { asDelivered, feedsByDay } from './features/feed.js'
import { fitVocabulary } from './features/vocabulary.js'
import { type RankingModel, rankingModelFile } from './model/artifact.js'
import { fitExamination } from './model/examination.js'
import { fitRanker } from './model/ranker.js'
import { targetsOf, teaching } from './model/targets.js'
import { extraOf, matrixOf } from './page-features.js'
import { effortFor, featureVersionOf, type RankingParameters, readParameters } from './parameters.js'
import { actionPolicy } from './policy.js'
import { seenIn, splitAt } from './split.js'

const FEWEST_LISTS = 40

export async function train(
  request: TrainRequest,
  onProgress: (progress: TrainProgress) => void,
): Promise<TrainResult> {
  const parameters = readParameters(request.parameters)
  const { rows, learn, model } = await prepare(request, parameters, featureVersionOf(parameters))
  const lessons = learn.map(teaching).filter((page) => page !== undefined)
  if (lessons.length < FEWEST_LISTS) {
    const problem = `${lessons.length} pages before ${iso(model.trained.until)} with a gain`
    const wayOut = `at least ${FEWEST_LISTS} are required: give a later cutoff or more data`
    throw new SlipwayError('BadData', `snapshot up to ${request.snapshot.cutoff} has ${problem}; ${wayOut}`)
  }
  const names = FEATURE_VERSIONS[model.featureVersion]
  const matrix = matrixOf(lessons, rows, names, model.vocabulary, extraOf(lessons, feedsByDay(rows.pages)))
  const effort = effortFor(lessons.length, parameters)
  const { seed, checkpointFolder } = request
  const networks = await fitRanker(matrix, targetsOf(lessons, model.examination), {
    ...effort,
    seed,
    checkpointFolder,
    onProgress,
  })
  return finish(request, parameters, { ...model, networks })
}

/** The rule that a first candidate must beat: what sells most comes first. */
export async function baseline(request: TrainRequest): Promise<TrainResult> {
  const parameters = readParameters({})
  const { model } = await prepare(request, parameters, 'ranking_popularity_v1')
  return finish(request, parameters, model)
}

interface Prepared {
  readonly rows: Rows
  readonly learn: readonly Page[]
  readonly model: RankingModel
}

async function prepare(
  { dataFile, snapshot }: TrainRequest,
  parameters: RankingParameters,
  featureVersion: FeatureVersion,
): Promise<Prepared> {
  const rows = await readRows(dataFile)
  const cutoff = Date.parse(snapshot.cutoff)
  const { learnUntil } = splitAt(cutoff, parameters.heldOutDays)
  const from = learnUntil - parameters.trainDays * DAY_MS
  const learn = seenIn(rows.pages, from, learnUntil)
  const names: readonly string[] = FEATURE_VERSIONS[featureVersion]
  // The day that begins with the cutoff is the first one that the model will score.
  const views = names.includes('view_rate_yesterday')
    ? feedsByDay(rows.pages).get(Math.floor(cutoff / DAY_MS))
    : undefined
  const model: RankingModel = {
    schema: 'ranking_model/1',
    featureVersion,
    trained: { from: learn[0]?.at ?? from, until: learnUntil, lists: learn.length },
    examination: fitExamination(learn),
    vocabulary: fitVocabulary([...rows.listings.values()]),
    feed: asDelivered(views ?? {}),
    networks: null,
  }
  return { rows, learn, model }
}

async function finish(
  { outFolder }: TrainRequest,
  parameters: RankingParameters,
  model: RankingModel,
): Promise<TrainResult> {
  const { artifactFile, format } = await rankingModelFile.write(outFolder, model)
  const { featureVersion, networks, trained, examination } = model
  return {
    artifactFile,
    format,
    kind: kindOf(networks),
    featureVersion,
    actionPolicy: actionPolicy(parameters.slate),
    metrics: { lists: trained.lists, examination },
  }
}

function kindOf(networks: RankingModel['networks']): string {
  if (!networks) return 'popularity'
  const deep = networks.filter((layers) => layers.length > 1).length
  const linear = deep < networks.length ? ' and a linear ranker' : ''
  return `${deep === 1 ? '' : `${deep} × `}listwise network 32-16${linear}`
}

const iso = (instant: number): string => new Date(instant).toISOString().slice(0, 10)

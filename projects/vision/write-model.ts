/** Writes a trained model's artifact and says what it is. */
import type { TrainRequest, TrainResult } from '../project.js'
import type { FeatureVersion } from './features.js'
import { type VisionModel, visionModelFile } from './model/artifact.js'

export interface TrainedModel {
  readonly model: Omit<VisionModel, 'schema'> & { readonly featureVersion: FeatureVersion }
  readonly actionPolicy: TrainResult['actionPolicy']
  readonly metrics: Readonly<Record<string, number>>
}

export async function writeModel(
  { outFolder }: Pick<TrainRequest, 'outFolder'>,
  { model, actionPolicy, metrics }: TrainedModel,
): Promise<TrainResult> {
  const { artifactFile, format } = await visionModelFile.write(outFolder, { schema: 'vision_model/1', ...model })
  return {
    artifactFile,
    format,
    kind: kindOf(model),
    featureVersion: model.featureVersion,
    actionPolicy,
    metrics: { ...metrics, rows: model.trained.rows, damagedShare: model.rate },
  }
}

function kindOf({ network, histograms }: Pick<VisionModel, 'network' | 'histograms'>): string {
  const stages = network?.stages.map(({ filters }) => filters).join('-')
  if (stages !== undefined) return `convolutional network ${stages}${histograms ? ' and gradient histograms' : ''}`
  return histograms ? 'gradient histograms with a logistic regression' : 'review everything'
}

/** The offline gates: candidate and production on the same held-out days, which the candidate was not trained on. */
import { evaluateBinary, type GateResult, tellingFeatures } from 'slipway/kit'
import type { EvaluateRequest, LoadedRelease, Project } from 'slipway/project'
import { FEATURES, heldOutFrom, load, trainedUntil } from './model.js'
import { type Parcel, type ParcelInput, parcelInput, readParcels } from './parcels.js'
import { costOf, lossUnit, parameterOf, thresholdsOf } from './policy.js'

export const evaluate: Project<ParcelInput>['evaluate'] = async (request) => {
  const { snapshot } = request
  const all = await readParcels(request.dataFile)
  const cutoff = Date.parse(snapshot.cutoff)
  const from = heldOutFrom(snapshot.cutoff)
  const parcels = all.filter(({ at, knownAt }) => at >= from && knownAt < cutoff)
  const carriers = [...new Set(parcels.map(({ input }) => input.carrier))].sort()
  return evaluateBinary({
    project: 'template-name',
    request,
    period: { from: new Date(from).toISOString(), to: snapshot.cutoff },
    labels: parcels.map(({ late }) => late),
    candidate: await answersOf(request.candidate, parcels),
    production: await answersOf(request.production, parcels),
    slices: carriers.map((carrier) => ({
      name: carrier,
      rows: [...parcels.keys()].filter((row) => parcels[row]?.input.carrier === carrier),
      // The most important customers ship with this carrier.
      critical: carrier === 'south',
    })),
    gates: [schemaGate(all, snapshot.rows, cutoff), leakageGate(request, parcels)],
    lossUnit,
    thresholds: {
      candidate: parameterOf(request.candidate.actionPolicy, 'threshold'),
      production: parameterOf(request.production.actionPolicy, 'threshold'),
    },
    cost: (warned, late) => costOf(warned ? 'warn' : 'none', late, request.candidate.actionPolicy),
  })
}

async function answersOf(release: LoadedRelease, parcels: readonly Parcel[]) {
  const scorer = await load(release)
  const outputs = await scorer.score(parcels.map(({ input }) => input))
  const probabilities = outputs.map(({ probability }) => probability ?? Number.NaN)
  const threshold = parameterOf(release.actionPolicy, 'threshold')
  return { probabilities, acted: probabilities.map((probability) => (probability >= threshold ? 1 : 0)) }
}

/** The rows are those of the manifest, in range, and hold nothing from after the cutoff. */
function schemaGate(parcels: readonly Parcel[], rows: number, cutoff: number): GateResult {
  const bad = parcels.filter(({ input, knownAt }) => knownAt >= cutoff || !parcelInput.safeParse(input).success).length
  const passed = bad === 0 && parcels.length === rows
  const detail = `${parcels.length} rows, ${rows} in the manifest; ${bad} out of range or from after the cutoff`
  return { name: 'schema_valid', passed, value: bad, threshold: 0, detail }
}

/**
 * No feature, and no difference of two, may predict too well, since it then probably knows the outcome. The held-out
 * days are not trained on.
 */
function leakageGate({ candidate, snapshot, gates }: EvaluateRequest, parcels: readonly Parcel[]): GateResult {
  const threshold = thresholdsOf(gates).maxSingleFeatureAuc
  const columns = Object.entries(FEATURES).map(([name, feature]) => [name, parcels.map(({ input }) => feature(input))])
  const labels = parcels.map(({ late }) => late)
  const { single, pair } = tellingFeatures(Object.fromEntries(columns) as Record<string, number[]>, labels)
  const value = Math.max(single.auc, pair.auc)
  const overlaps = (trainedUntil(candidate.artifact) ?? 0) > heldOutFrom(snapshot.cutoff)
  const found = [single, pair].map(({ name, auc }) => `${name} alone has AUC ${auc.toFixed(3)}`).join(', ')
  const detail = `${found}, at most ${threshold} allowed; ${overlaps ? 'trained on held-out days' : 'no time overlap'}`
  return { name: 'no_leakage', passed: value <= threshold && !overlaps, value, threshold, detail }
}

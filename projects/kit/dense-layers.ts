/** Scores a small network with plain loops: for a few rows at a time, a tensor library is slower. */

export interface DenseLayer {
  /** inputs × units, row-major. */
  readonly weights: readonly number[]
  readonly bias: readonly number[]
}

interface TypedLayer {
  readonly weights: Float64Array
  readonly bias: Float64Array
}

const typedLayers = new WeakMap<DenseLayer, TypedLayer>()

/** Only typed arrays: loops over one kind of array are several times as fast. Copied once, not at every decision. */
function typed(layer: DenseLayer): TypedLayer {
  const known = typedLayers.get(layer)
  if (known) return known
  const made = { weights: Float64Array.from(layer.weights), bias: Float64Array.from(layer.bias) }
  typedLayers.set(layer, made)
  return made
}

/**
 * Dense layers with ReLU between them and no activation after the last.
 * @returns rows × units of the last layer, row-major
 */
export function throughLayers(layers: readonly DenseLayer[], inputs: ArrayLike<number>, rows: number): Float64Array {
  let values = Float64Array.from(inputs)
  let width = inputs.length / Math.max(1, rows)
  layers.forEach((layer, index) => {
    const { weights, bias } = typed(layer)
    const units = bias.length
    const last = index === layers.length - 1
    const next = new Float64Array(rows * units)
    for (let row = 0; row < rows; row += 1) {
      const to = row * units
      for (let unit = 0; unit < units; unit += 1) next[to + unit] = bias[unit] as number
      for (let input = 0; input < width; input += 1) {
        const value = values[row * width + input] as number
        const from = input * units
        for (let unit = 0; unit < units; unit += 1) {
          next[to + unit] = (next[to + unit] as number) + value * (weights[from + unit] as number)
        }
      }
      if (!last) for (let unit = 0; unit < units; unit += 1) next[to + unit] = Math.max(0, next[to + unit] as number)
    }
    values = next
    width = units
  })
  return values
}

/** Area under the ROC curve by ranks (Mann–Whitney), ties counted half; 0.5 if one class is missing. */
export function areaUnderCurve(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const order = Array.from({ length: scores.length }, (_, index) => index).sort(
    (a, b) => (scores[a] as number) - (scores[b] as number),
  )
  let rankSum = 0
  let positives = 0
  for (let start = 0; start < order.length; ) {
    let end = start
    const value = scores[order[start] as number]
    while (end < order.length && scores[order[end] as number] === value) end += 1
    const rank = (start + 1 + end) / 2
    for (let index = start; index < end; index += 1) {
      if (labels[order[index] as number] !== 1) continue
      rankSum += rank
      positives += 1
    }
    start = end
  }
  const negatives = order.length - positives
  return positives === 0 || negatives === 0
    ? 0.5
    : (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

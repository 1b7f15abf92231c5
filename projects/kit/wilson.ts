/**
 * 95 % interval of a share (Wilson 1927). It is valid for few cases, too, and stays within 0 and 1; [0, 1] for none.
 */
export function wilson(hits: number, of: number): { low: number; high: number } {
  if (of === 0) return { low: 0, high: 1 }
  const z = 1.959964
  const share = hits / of
  const centre = (share + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

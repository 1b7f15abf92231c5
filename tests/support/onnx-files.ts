/**
 * Small ONNX models as `onnx.helper` of Python writes them, opset 18. Each takes `x`, rows of three numbers, and gives
 * `y`.
 */

const bytes = (...lines: string[]): Buffer => Buffer.from(lines.join(''), 'base64')

/** y = sigmoid(xW + b), from three numbers to two. */
export const GEMM = bytes(
  'CAk6iAEKEwoBeAoBVwoBQhICeTAiBEdlbW0KEAoCeTASAXkiB1NpZ21vaWQSAWcqIwgDCAIQAUIBV0oYAAAAAM3MzD3NzEw+mpmZ',
  'Ps3MzD4AAAA/KhEIAhABQgFCSgjNzMw9zcxMPloRCgF4EgwKCggBEgYKAAoCCANiEQoBeRIMCgoIARIGCgAKAggCQgQKABAS',
)

/** One decision tree with two leaves, in the form of boosted trees. */
export const TREE = bytes(
  'CAk6hQQK2QMKAXgSAXkiFVRyZWVFbnNlbWJsZVJlZ3Jlc3NvcioVCgtiYXNlX3ZhbHVlcz3NzMw9oAEGKhAKCW5fdGFyZ2V0cxgB',
  'oAECKh0KEm5vZGVzX2ZhbHNlbm9kZWlkc0ACQABAAKABByobChBub2Rlc19mZWF0dXJlaWRzQAFAAEAAoAEHKioKH25vZGVzX21p',
  'c3NpbmdfdmFsdWVfdHJhY2tzX3RydWVAAEAAQACgAQcqKAoLbm9kZXNfbW9kZXNKCkJSQU5DSF9MRVFKBExFQUZKBExFQUagAQgq',
  'GAoNbm9kZXNfbm9kZWlkc0AAQAFAAqABByoYCg1ub2Rlc190cmVlaWRzQABAAEAAoAEHKhwKEW5vZGVzX3RydWVub2RlaWRzQAFA',
  'AEAAoAEHKiAKDG5vZGVzX3ZhbHVlcz0AAAA/PQAAAAA9AAAAAKABBioZCg5wb3N0X3RyYW5zZm9ybSIETk9ORaABAyoTCgp0YXJn',
  'ZXRfaWRzQABAAKABByoXCg50YXJnZXRfbm9kZWlkc0ABQAKgAQcqFwoOdGFyZ2V0X3RyZWVpZHNAAEAAoAEHKh0KDnRhcmdldF93',
  'ZWlnaHRzPc3MTD49MzMzP6ABBjoKYWkub25ueC5tbBIBZ1oRCgF4EgwKCggBEgYKAAoCCANiEQoBeRIMCgoIARIGCgAKAggBQgQK',
  'ABASQg4KCmFpLm9ubngubWwQAw==',
)

/** y = x + the sum of a tensor of ones, whose size is a constant: 3. */
export const SUM_OF_ONES = bytes(
  'CAk6oQEKLwoBcxIBYyIPQ29uc3RhbnRPZlNoYXBlKhYKBXZhbHVlKgoIARABSgQAAIA/oAEECiIKAWMSAXIiCVJlZHVjZVN1bSoP',
  'CghrZWVwZGltcxgAoAECCg4KAXgKAXISAXkiA0FkZBIBZyoRCAEQB0IBc0oIAwAAAAAAAABaEQoBeBIMCgoIARIGCgAKAggDYhEK',
  'AXkSDAoKCAESBgoACgIIA0IECgAQEg==',
)

/** The same with 700 million ones: 2.8 GB. */
export const SUM_OF_700_MILLION_ONES = bytes(
  'CAk6oQEKLwoBcxIBYyIPQ29uc3RhbnRPZlNoYXBlKhYKBXZhbHVlKgoIARABSgQAAIA/oAEECiIKAWMSAXIiCVJlZHVjZVN1bSoP',
  'CghrZWVwZGltcxgAoAECCg4KAXgKAXISAXkiA0FkZBIBZyoRCAEQB0IBc0oIACe5KQAAAABaEQoBeBIMCgoIARIGCgAKAggDYhEK',
  'AXkSDAoKCAESBgoACgIIA0IECgAQEg==',
)

/** A loop without an end: its condition stays true. */
export const ENDLESS = bytes(
  'CAk65QEKrwEKAAoBYwoBeBIBeSIETG9vcCqbAQoEYm9keTKPAQodCgdjb25kX2luEghjb25kX291dCIISWRlbnRpdHkKFwoEdl9p',
  'bhIFdl9vdXQiCElkZW50aXR5EgRib2R5WgsKAWkSBgoECAcSAFoRCgdjb25kX2luEgYKBAgJEgBaDAoEdl9pbhIECgIIAWISCghj',
  'b25kX291dBIGCgQICRIAYg0KBXZfb3V0EgQKAggBoAEFEgFnKggQCUIBY0oBAVoRCgF4EgwKCggBEgYKAAoCCANiEQoBeRIMCgoI',
  'ARIGCgAKAggDQgQKABAS',
)

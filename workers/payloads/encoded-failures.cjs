// Messages and stacks of failures as payloads, which the codec encrypts. Temporal's library loads it with `require`.
const { DefaultFailureConverter } = require('@temporalio/common')

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })

/** Signals as other clients can send them: with payloads that no workflow of Slipway can decode. */
import type { Client } from '@temporalio/client'

export interface RawPayload {
  readonly encoding: string
  readonly text: string
}

/** @param payloads the arguments of the signal */
export async function signalRaw(
  client: Client,
  workflowId: string,
  signalName: string,
  payloads: readonly RawPayload[],
): Promise<void> {
  await client.workflowService.signalWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    signalName,
    input: {
      payloads: payloads.map(({ encoding, text }) => ({
        metadata: { encoding: Buffer.from(encoding) },
        data: Buffer.from(text),
      })),
    },
  })
}

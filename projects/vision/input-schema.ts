/**
 * The schema of a live input: the photo's file and where it comes from. Bytes that are no picture are valid, too:
 * `retake`.
 */
import { z } from 'zod'
import { MOST_BYTES } from './photos/decode-photo.js'
import type { PhotoInput } from './photos/photo.js'

const name = z.string().normalize('NFC').min(1).max(200)

export const inputSchema: z.ZodType<PhotoInput> = z.strictObject({
  photo: z
    .base64()
    // Four letters hold three bytes.
    .max(Math.ceil(MOST_BYTES / 3) * 4)
    .meta({ description: 'The JPEG, PNG or WebP file, base64' }),
  shipment: name,
  source: name.meta({ description: 'Dock or camera: recall is measured by source' }),
})

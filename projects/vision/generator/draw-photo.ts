/** Draws a scene and encodes its file. Drawing takes about 2 ms, and encoding takes another 2 ms. */
import sharp from 'sharp'
import { EDGE } from '../photos/photo.js'
import { expose, type Shot } from './camera.js'
import { newCanvas } from './canvas.js'
import { drawDamage } from './draw-damage.js'
import { drawBelt, drawClaimSticker, drawParcel, drawWear, placeOf } from './draw-parcel.js'
import { type Chance, chanceOf } from './named-random.js'
import type { Scene } from './scenes.js'

/** The photo's red, green and blue bytes before encoding. */
export function drawScene(scene: Scene): Uint8Array {
  const { dock, look, damages, file } = scene
  const chance = chanceOf('drawing', file)
  const canvas = newCanvas()
  drawBelt(canvas, dock.belt, chance.between(26, 34) * dock.zoom)
  const place = placeOf(look, chance, dock.zoom)
  drawParcel(canvas, place, look)
  drawWear(canvas, place, chance)
  const shot = shotOf(scene, chance)
  for (const damage of damages) drawDamage(canvas, place, { ...damage, size: damage.size * dock.zoom }, shot.light)
  if (scene.sticker) drawClaimSticker(canvas, place, chance)
  return expose(canvas, shot, chance)
}

function shotOf({ dock, defect, light }: Scene, chance: Chance): Shot {
  const dim = defect === 'black' ? 0 : defect === 'dark' ? chance.between(0.1, 0.2) : 1
  const exposure = light * dim * chance.between(0.88, 1.12)
  const [red, green, blue] = dock.lamps
  return {
    gain: [red * exposure, green * exposure, blue * exposure],
    vignette: dock.vignette,
    light: chance.between(0, 2 * Math.PI),
    slant: chance.between(0, 0.35),
    blur: defect === 'blurred' ? Math.round(chance.between(4, 7)) : 0,
    noise: dock.noise,
  }
}

const SMALL_EDGE = 72

export async function fileOf(scene: Scene): Promise<Buffer> {
  if (scene.defect === 'text') return Buffer.from('<html><body>502 camera gateway does not answer</body></html>\n')
  const picture = sharp(drawScene(scene), { raw: { width: EDGE, height: EDGE, channels: 3 } })
  if (scene.defect === 'small') picture.resize(SMALL_EDGE)
  const bytes = await picture.jpeg({ quality: 85 }).toBuffer()
  return scene.defect === 'truncated' ? bytes.subarray(0, Math.floor(bytes.length * 0.4)) : bytes
}

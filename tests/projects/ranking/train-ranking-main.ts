/** A process of its own: `train-main.ts REQUEST.json`, writes the artifact where the request says. */
import { readFileSync } from 'node:fs'
import type { TrainRequest } from '../../../projects/project.js'
import { project } from '../../../projects/ranking/index.js'

await project.train(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as TrainRequest, () => {})

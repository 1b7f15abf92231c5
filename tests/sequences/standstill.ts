/** Nothing goes on any more, and no promise is seen broken: what a task that this server lost looks like, and what a defect may look like. */
export class Standstill extends Error {}

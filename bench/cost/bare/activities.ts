export const bareActivities = { work: async (index: number): Promise<number> => index + 1 }

export type BareActivities = typeof bareActivities

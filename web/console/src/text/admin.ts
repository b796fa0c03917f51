// Words of the administration.

export const admin = {} as const;

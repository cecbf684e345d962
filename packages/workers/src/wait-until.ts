/** Outside of workerd, and in bundles for nobody in particular: there is no request that could be kept alive. */
export const waitUntil: ((promise: Promise<unknown>) => void) | undefined = undefined;

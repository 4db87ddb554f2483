/** The number of runs of a property, which HALLPASS_PROPERTY_RUNS overrides. */
export function propertyRuns(usual: number): number {
  return Number(process.env.HALLPASS_PROPERTY_RUNS || usual);
}

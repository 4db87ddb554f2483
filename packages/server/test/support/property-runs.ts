/** How often a property is tried: few times by default, more with HALLPASS_PROPERTY_RUNS. */
export function propertyRuns(usual: number): number {
  return Number(process.env.HALLPASS_PROPERTY_RUNS || usual);
}

import { formatCount, formatDay, totalOf, type UsageDay } from "./usage-bars";
import classes from "./usage-tab.module.css";

/** The chart’s data as a table, newest day first. */
export function UsageTable({ days }: { days: readonly UsageDay[] }) {
  const total = totalOf(days);
  return (
    <details className={classes.more}>
      <summary>View as table</summary>
      <table className={classes.table} aria-label="Usage by day">
        <thead>
          <tr>
            <th scope="col">Day (UTC)</th>
            <th scope="col">Allowed</th>
            <th scope="col">Denied</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ day, allowed, denied }) => (
            <tr key={day}>
              <th scope="row">
                <time dateTime={day}>{formatDay(day)}</time>
              </th>
              <td>{formatCount(allowed)}</td>
              <td>{formatCount(denied)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td>{formatCount(total.allowed)}</td>
            <td>{formatCount(total.denied)}</td>
          </tr>
        </tfoot>
      </table>
    </details>
  );
}

import { useElementSize } from "@mantine/hooks";
import { type KeyboardEvent, type PointerEvent, useId, useState } from "react";
import { dayInWords, formatCount, formatShortDay, marksOf, summaryOf, totalOf, type UsageDay } from "./usage-bars";
import classes from "./usage-chart.module.css";

const height = 200;
const margin = { top: 10, right: 4, bottom: 24, left: 48 };
const plot = height - margin.top - margin.bottom;
/** Minimum height of a bar in pixels, so that every count is visible. */
const least = 3;

/**
 * One bar per day: allowed checks, with denied ones hatched on top. The pointer or the arrow keys choose a day, which is
 * described below.
 */
export function UsageChart({ days }: { days: readonly UsageDay[] }) {
  const { ref, width: measured } = useElementSize();
  const [chosen, setChosen] = useState(days.length - 1);
  const hatch = useId();
  const width = measured || 640;
  const step = (width - margin.left - margin.right) / days.length;
  const at = Math.min(chosen, days.length - 1);
  const day = days[at];
  const marks = marksOf(days);
  const max = marks.at(-1) ?? 1;
  if (!day) return null;

  const point = (event: PointerEvent<HTMLElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - margin.left;
    setChosen(Math.min(days.length - 1, Math.max(0, Math.floor(x / step))));
  };
  return (
    <figure className={classes.figure}>
      <Legend days={days} hatch={hatch} />
      <div
        ref={ref}
        role="slider"
        tabIndex={0}
        aria-label="Day"
        aria-valuemin={1}
        aria-valuemax={days.length}
        aria-valuenow={at + 1}
        aria-valuetext={dayInWords(day)}
        className={classes.chart}
        onPointerMove={point}
        onPointerDown={point}
        onKeyDown={(event) => moveWithKeys(event, at, days.length - 1, setChosen)}
      >
        <svg width={width} height={height} aria-hidden="true">
          <Scale marks={marks} max={max} width={width} />
          <rect className={classes.chosen} x={margin.left + at * step} y={margin.top} width={step} height={plot} />
          {days.map((each, index) => (
            <Bar key={each.day} day={each} x={margin.left + index * step} width={step} max={max} hatch={hatch} />
          ))}
          <Dates days={days} step={step} />
        </svg>
      </div>
      <figcaption className={classes.caption}>
        <strong>{dayInWords(day)}</strong>
        <span>{summaryOf(days)} Days are in UTC.</span>
      </figcaption>
    </figure>
  );
}

function moveWithKeys(event: KeyboardEvent, at: number, last: number, choose: (index: number) => void) {
  const target = {
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    PageUp: at + 7,
    PageDown: at - 7,
    Home: 0,
    End: last,
  }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  choose(Math.min(last, Math.max(0, target)));
}

function Legend({ days, hatch }: { days: readonly UsageDay[]; hatch: string }) {
  const { allowed, denied } = totalOf(days);
  return (
    <div className={classes.legend}>
      <span>
        <svg width={14} height={14} aria-hidden="true">
          <rect width={14} height={14} rx={3} className={classes.allowed} />
        </svg>
        Allowed {formatCount(allowed)}
      </span>
      <span>
        <svg width={14} height={14} aria-hidden="true">
          <defs>
            <pattern id={hatch} width={5} height={5} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width={5} height={5} className={classes.deniedGround} />
              <rect width={2.5} height={5} className={classes.denied} />
            </pattern>
          </defs>
          <rect
            x={0.75}
            y={0.75}
            width={12.5}
            height={12.5}
            rx={2.5}
            fill={`url(#${hatch})`}
            className={classes.edge}
          />
        </svg>
        Denied {formatCount(denied)}
      </span>
    </div>
  );
}

interface BarProps {
  day: UsageDay;
  x: number;
  width: number;
  max: number;
  hatch: string;
}

function Bar({ day: { allowed, denied }, x, width, max, hatch }: BarProps) {
  const tall = (count: number) => (count === 0 ? 0 : Math.max(least, (count / max) * plot));
  const gap = Math.min(4, width * 0.2);
  const bar = { x: x + gap / 2, width: Math.max(1, width - gap) };
  const bottom = margin.top + plot;
  const top = bottom - tall(allowed);
  return (
    <>
      <rect {...bar} y={top} height={tall(allowed)} className={classes.allowed} />
      {denied > 0 && (
        <rect
          {...bar}
          y={Math.max(0, top - tall(denied))}
          height={tall(denied)}
          fill={`url(#${hatch})`}
          className={classes.edge}
        />
      )}
    </>
  );
}

function Scale({ marks, max, width }: { marks: number[]; max: number; width: number }) {
  return marks.map((mark) => {
    const y = margin.top + plot - (mark / max) * plot;
    return (
      <g key={mark} className={classes.scale}>
        <line x1={margin.left} x2={width - margin.right} y1={y} y2={y} />
        <text x={margin.left - 8} y={y + 4} textAnchor="end">
          {short(mark)}
        </text>
      </g>
    );
  });
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const short = (count: number) => compact.format(count);

/** Labels the last day and as many others as fit. */
function Dates({ days, step }: { days: readonly UsageDay[]; step: number }) {
  const every = Math.max(1, Math.ceil(72 / step));
  return days.map(({ day }, index) => {
    const fromEnd = days.length - 1 - index;
    if (fromEnd % every !== 0) return null;
    const x = margin.left + (index + 0.5) * step;
    return (
      <text key={day} x={x} y={height - 6} textAnchor={fromEnd === 0 ? "end" : "middle"} className={classes.date}>
        {formatShortDay(day)}
      </text>
    );
  });
}

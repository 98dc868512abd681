// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { draw, make, setAttribute, setText } from './dom.js';
import { age, nothing } from './format.js';
import { span } from './samples.js';

/** The plot's own units; it is stretched to its place, and its lines are not. */
const width = 600;
const height = 120;
const marks = 3;

/**
 * A chart of the last five minutes, with the newest value beside its name. It can be read with the pointer, and with the arrow keys
 * when it has the focus.
 */
export class Chart {
  #definition;
  #parts = [];
  #points = [];
  #cursor = null;
  #now = 0;

  /**
   * @param definition `{ title, format, series: [{ label, colour, read(samples) }], isStacked, least, base }`; `least` is how
   *   much the scale shows at least, and `base` is 1024 for bytes.
   */
  constructor(definition) {
    this.#definition = definition;
    this.#makePlot();
    const legend = make('ul', { class: 'legend' }, definition.series.map((one) => this.#makePart(one)));
    this.figure = make('p', { class: 'figure' }, nothing);
    this.when = make('span', { class: 'when' }, '');
    this.element = make('section', { class: 'chart panel' },
      make('header', {}, make('h2', {}, definition.title), this.when),
      make('div', { class: 'chart-head' }, this.figure, definition.series.length > 1 ? legend : null),
      this.plot,
      make('p', { class: 'axis', 'aria-hidden': 'true' }, make('span', {}, '5 min ago'), make('span', {}, 'now')));
  }

  #makePlot() {
    this.grid = draw('g', { class: 'grid' });
    this.lines = draw('g', {});
    this.line = draw('line', { class: 'cursor', y1: 0, y2: height, visibility: 'hidden' });
    this.svg = draw('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      this.grid, this.lines, this.line);
    this.scale = make('ol', { class: 'scale', 'aria-hidden': 'true' });
    this.plot = make('div', {
      class: 'plot', tabindex: 0, role: 'img', 'aria-label': this.#definition.title,
      onpointermove: (event) => this.#point(event), onpointerleave: () => this.#moveTo(null),
      onkeydown: (event) => this.#step(event), onblur: () => this.#moveTo(null),
    }, this.scale, this.svg);
    for (let mark = 0; mark <= marks; mark += 1) {
      const y = height - (mark / marks) * height;
      this.grid.append(draw('line', { x1: 0, x2: width, y1: y, y2: y }));
      this.scale.prepend(make('li'));
    }
  }

  #makePart({ label, colour }, index = this.#parts.length) {
    const part = {
      line: draw('path', { class: `line line-${index}`, 'data-colour': colour }),
      area: draw('path', { class: 'area', 'data-colour': colour }),
      value: make('b', {}, nothing),
    };
    this.lines.append(part.area, part.line);
    this.#parts.push(part);
    return make('li', { 'data-colour': colour, class: `key-${index}` }, make('span', {}, label), part.value);
  }

  // What is shown

  show(samples) {
    this.#now = samples.last?.time ?? 0;
    this.#points = this.#definition.series.map((one) =>
      one.read(samples).filter(({ time }) => time >= this.#now - span));
    const stacked = this.#definition.isStacked ? this.#stack() : this.#points;
    const top = this.#top(stacked);
    stacked.forEach((points, index) => {
      const line = this.#path(points, top);
      setAttribute(this.#parts[index].line, 'd', line.open);
      const below = this.#definition.isStacked && index > 0 ? stacked[index - 1] : null;
      setAttribute(this.#parts[index].area, 'd', below ? this.#between(points, below, top) : line.closed);
    });
    [...this.scale.children].forEach((mark, index) => {
      setText(mark, this.#definition.format((top * (marks - index)) / marks));
    });
    setAttribute(this.plot, 'aria-label', this.#summary());
    this.#showValues();
  }

  #stack() {
    const sums = [];
    return this.#points.map((points) => points.map(({ time, value }, index) => {
      sums[index] = (sums[index] ?? 0) + (Number.isFinite(value) ? value : 0);
      return { time, value: sums[index] };
    }));
  }

  /** The least round number above all values. */
  #top(lines) {
    const values = lines.flatMap((points) => points.map(({ value }) => value)).filter(Number.isFinite);
    const most = Math.max(this.#definition.least ?? 0, ...values);
    if (most <= 0) return marks;
    const step = most / marks;
    const power = (this.#definition.base ?? 10) ** Math.floor(Math.log(step) / Math.log(this.#definition.base ?? 10));
    const steps = this.#definition.base === 1024 ? [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] : [1, 2, 5, 10];
    return marks * power * (steps.find((factor) => factor * power >= step) ?? steps.at(-1));
  }

  #x(time) {
    return width - ((this.#now - time) / span) * width;
  }

  #path(points, top) {
    let open = '';
    let closed = '';
    let begin = null;
    let end = null;
    for (const { time, value } of points) {
      if (!Number.isFinite(value)) {
        if (begin !== null) closed += `L${end} ${height}L${begin} ${height}Z`;
        begin = null;
        continue;
      }
      end = this.#x(time).toFixed(1);
      const step = `${begin === null ? 'M' : 'L'}${end} ${(height - (value / top) * height).toFixed(1)}`;
      open += step;
      closed += step;
      begin ??= end;
    }
    if (begin !== null) closed += `L${end} ${height}L${begin} ${height}Z`;
    return { open, closed };
  }

  #between(above, below, top) {
    const steps = (points) => points.map(({ time, value }) =>
      `${this.#x(time).toFixed(1)} ${(height - (value / top) * height).toFixed(1)}`);
    const line = [...steps(above), ...steps(below).reverse()];
    return line.length > 1 ? `M${line.join('L')}Z` : '';
  }

  // Reading

  #showValues() {
    const index = this.#cursor;
    const values = this.#points.map((points) => (index === null ? latest(points) : points.at(index)?.value));
    values.forEach((value, part) => setText(this.#parts[part].value, this.#text(value)));
    const shown = this.#definition.isStacked
      ? values.filter(Number.isFinite).reduce((sum, value) => sum + value, 0) : values[0];
    setText(this.figure, this.#text(values.some(Number.isFinite) ? shown : NaN));
    const time = index === null ? null : this.#points[0]?.at(index)?.time;
    setText(this.when, time ? (time === this.#now ? 'now' : `${age(this.#now - time)} ago`) : '');
    setAttribute(this.line, 'visibility', time ? 'visible' : 'hidden');
    if (time) {
      setAttribute(this.line, 'x1', this.#x(time).toFixed(1));
      setAttribute(this.line, 'x2', this.#x(time).toFixed(1));
    }
  }

  #text(value) {
    return Number.isFinite(value) ? this.#definition.format(value) : nothing;
  }

  #summary() {
    const parts = this.#definition.series.map(({ label }, index) => {
      const values = this.#points[index].map(({ value }) => value).filter(Number.isFinite);
      if (values.length === 0) return `${label ?? ''} not measured yet`.trim();
      const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => this.#text(value));
      return `${label ?? ''} ${this.#text(values.at(-1))}, in the last five minutes from ${least} to ${most}`.trim();
    });
    return `${this.#definition.title}: ${parts.join('; ')}`;
  }

  #point(event) {
    const box = this.svg.getBoundingClientRect();
    const time = this.#now - (1 - (event.clientX - box.left) / box.width) * span;
    const points = this.#points[0] ?? [];
    if (points.length === 0) return;
    const nearest = points.reduce((best, { time: at }, index) =>
      (Math.abs(at - time) < Math.abs(points[best].time - time) ? index : best), 0);
    this.#moveTo(nearest - points.length);
  }

  #step(event) {
    const count = this.#points[0]?.length ?? 0;
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30 };
    if (event.key === 'Escape' && this.#cursor !== null) {
      event.stopPropagation();
      return this.#moveTo(null);
    }
    const step = event.key === 'Home' ? -count : event.key === 'End' ? count : steps[event.key];
    if (!step || count === 0) return;
    event.preventDefault();
    this.#moveTo(Math.max(-count, Math.min(-1, (this.#cursor ?? -1) + step)));
  }

  #moveTo(cursor) {
    this.#cursor = cursor;
    this.#showValues();
  }
}

function latest(points) {
  return points.at(-1)?.value;
}

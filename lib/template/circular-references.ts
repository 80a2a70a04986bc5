import type { TemplateIndex } from './template-index';
import type { TemplateResource } from './template-resource';

/** Resources that wait for each other, or for themselves: CloudFormation refuses their template. One list for each circle. */
export function circularReferences(index: TemplateIndex): readonly (readonly TemplateResource[])[] {
  const state = new Map<TemplateResource, { readonly order: number; low: number; isOpen: boolean }>();
  const open: TemplateResource[] = [];
  const circles: (readonly TemplateResource[])[] = [];
  // Tarjan's algorithm, with a stack of its own: a chain of references may be longer than a stack of calls.
  const enter = (resource: TemplateResource) => {
    state.set(resource, { order: state.size, low: state.size, isOpen: true });
    open.push(resource);
    return { resource, rest: [...new Set(waitsFor(resource, index))] };
  };
  for (const start of index.resources) {
    const path = state.has(start) ? [] : [enter(start)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const own = state.get(top.resource);
      const next = top.rest.pop();
      if (own === undefined) break;
      if (next !== undefined) {
        const known = state.get(next);
        if (known === undefined) path.push(enter(next));
        else if (known.isOpen) own.low = Math.min(own.low, known.order);
        continue;
      }
      path.pop();
      const around = path.at(-1);
      const outer = around && state.get(around.resource);
      if (outer !== undefined) outer.low = Math.min(outer.low, own.low);
      if (own.low !== own.order) continue;
      const circle = open.splice(open.lastIndexOf(top.resource));
      for (const each of circle) {
        const closed = state.get(each);
        if (closed !== undefined) closed.isOpen = false;
      }
      if (circle.length > 1 || [...waitsFor(top.resource, index)].includes(top.resource)) circles.push(circle);
    }
  }
  return circles;
}

function* waitsFor(resource: TemplateResource, index: TemplateIndex): Generator<TemplateResource> {
  yield* index.neighbours(resource);
  for (const id of resource.dependsOn) {
    const found = index.find(resource.stack, String(id));
    if (found !== undefined) yield found;
  }
}

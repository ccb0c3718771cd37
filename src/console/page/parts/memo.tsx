import { Component, type ComponentType, h } from 'preact'

/** Renders a component again only when one of its properties has changed. */
export function memo<P extends object>(Inner: ComponentType<P>): ComponentType<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const keys = new Set([...Object.keys(next), ...Object.keys(this.props)]) as Set<keyof P>
      return [...keys].some((key) => next[key] !== this.props[key])
    }
    override render() {
      return h(Inner, this.props as P)
    }
  }
}

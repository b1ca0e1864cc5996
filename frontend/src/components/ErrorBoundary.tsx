import { Component, type ReactNode } from "react";

import { Message } from "src/components/Message";
import { Button } from "src/components/Button";

type ErrorBoundaryProps = { readonly children: ReactNode };
type State = { readonly error?: Error };

/** Without one, an error while rendering would replace the whole of Airflow's page. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override readonly state: State = {};

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;

    return error === undefined ? (
      this.props.children
    ) : (
      <Message
        action={
          <Button
            onClick={() => {
              this.setState({ error: undefined });
            }}
          >
            Try again
          </Button>
        }
        title="Windsock failed to show this."
        tone="failed"
      >
        The rest of Airflow is not affected. <code>{error.message}</code>
      </Message>
    );
  }
}

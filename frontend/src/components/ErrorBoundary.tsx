import { Component, type ReactNode } from "react";

import { Button } from "src/components/Button";
import { Message } from "src/components/Message";
import { reloadPage } from "src/host/navigation";

type ErrorBoundaryProps = { readonly children: ReactNode };
type State = { readonly error?: Error };

/** A part of the bundle is gone from the server: another version was installed since this page was loaded. */
const isMissingPart = (error: Error) => /dynamically imported module|Importing a module script failed/iu.test(error.message);

/** Without one, an error while rendering would replace the whole of Airflow's page. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override readonly state: State = {};

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;

    if (error === undefined) {
      return this.props.children;
    }

    return isMissingPart(error) ? (
      <Message action={<Button onClick={reloadPage}>Reload the page</Button>} title="Windsock needs a reload." tone="warning">
        This part of it could not be loaded: another version was installed since the page was opened, or the
        network is down.
      </Message>
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

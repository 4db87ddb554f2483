// Loaded after the first paint, because no page shows a message before the user acts.
import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/InlineInput.css";
import "@mantine/core/styles/Anchor.css";
import "@mantine/core/styles/Checkbox.css";
import "@mantine/core/styles/Modal.css";
import "@mantine/core/styles/Notification.css";
import "@mantine/core/styles/Tooltip.css";
import "@mantine/notifications/styles.css";
import { Notifications } from "@mantine/notifications";

export function LazyNotifications() {
  return <Notifications position="bottom-right" containerWidth={380} />;
}

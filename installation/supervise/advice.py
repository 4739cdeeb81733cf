"""What else a machine needs that opens by itself: a person's part, in commands to type. Pure.

From the desktops' documentation; which of it a machine needs, its technician sees.
"""

from collections.abc import Mapping, Sequence

_GNOME = (
    "Log in by itself: Settings > Users > Automatic Login",
    "gsettings set org.gnome.desktop.session idle-delay 0",
    "gsettings set org.gnome.desktop.screensaver lock-enabled false",
    "gsettings set org.gnome.settings-daemon.plugins.power sleep-inactive-ac-type nothing",
    "gsettings set org.gnome.desktop.notifications show-banners false",
)
_KDE = (
    "Log in by itself: System Settings > Login Screen (SDDM) > Behaviour",
    "kwriteconfig6 --file kscreenlockerrc --group Daemon --key Autolock false",
    "Never blank, never sleep: System Settings > Power Management > On AC Power",
)
_XFCE = (
    "Log in by itself: autologin-user=USER under [Seat:*] in /etc/lightdm/lightdm.conf",
    "xfconf-query -c xfce4-power-manager -p /xfce4-power-manager/dpms-enabled -n -t bool -s false",
    "xfconf-query -c xfce4-screensaver -p /saver/enabled -n -t bool -s false",
)
_PI = (
    "Log in by itself: sudo raspi-config nonint do_boot_behaviour B4",
    "sudo raspi-config nonint do_blanking 1",
)
_BARE = (
    "Log in by itself: autologin-user=USER under [Seat:*] in /etc/lightdm/lightdm.conf",
    "In the session's start file, before anything else: xset s off -dpms",
    "This desktop does not tell systemd that it is up. Add to its start file: "
    "systemctl --user import-environment DISPLAY XAUTHORITY WAYLAND_DISPLAY; "
    "systemctl --user start installation-kiosk",
)
DESKTOPS: Mapping[str, Sequence[str]] = {
    "gnome": _GNOME,
    "kde": _KDE,
    "xfce": _XFCE,
    "raspberry": _PI,
    "bare": _BARE,
}
_KNOWN_AS = {"ubuntu": "gnome", "plasma": "kde", "lxde-pi": "raspberry", "labwc": "raspberry"}

_HEADLESS = ("Run without anybody logged in: loginctl enable-linger",)
_ELSEWHERE: Mapping[str, Sequence[str]] = {
    "darwin": (
        "Log in by itself: System Settings > Users & Groups > Automatically log in as",
        "sudo pmset -a sleep 0 displaysleep 0 disksleep 0 autorestart 1",
        "defaults -currentHost write com.apple.screensaver idleTime 0",
    ),
    "windows": (
        "Log in by itself: netplwiz, or Autologon from Sysinternals",
        "powercfg /change monitor-timeout-ac 0",
        "powercfg /change standby-timeout-ac 0",
    ),
}
_ALWAYS = (
    "In the firmware: start again after a power cut (often called Restore on AC Power Loss).",
)


def desktop(current: str) -> str:
    """One of DESKTOPS for what $XDG_CURRENT_DESKTOP says, such as ubuntu:GNOME."""
    for word in current.lower().split(":"):
        if word in DESKTOPS or word in _KNOWN_AS:
            return _KNOWN_AS.get(word, word)
    return "bare"


def advice(platform: str, current: str, headless: bool) -> list[str]:
    """One line each, in the order to do them."""
    if platform in _ELSEWHERE:
        return [*_ELSEWHERE[platform], *_ALWAYS]
    return [*(_HEADLESS if headless else DESKTOPS[desktop(current)]), *_ALWAYS]

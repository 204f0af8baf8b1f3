"""What a person writes about never-block lists, and what a run gathers of them."""

from support.outside import Site
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.core.safelist import Rule, SafeList
from tq_conn_citrix_waf.run.protected import Protection
from tq_conn_citrix_waf.run.site import prepare


def write(site: Site, *lines: str) -> None:
    """Write keys into the section of never-block lists, as a person does."""
    path = site.directory / config.FILE_NAME
    text = path.read_text("utf-8")
    head = "[never_block]\n"
    assert head in text
    path.write_text(text.replace(head, head + "\n".join(lines) + "\n"), "utf-8")


def unwrite(site: Site, name: str) -> None:
    """Take a key out of the configuration file again."""
    path = site.directory / config.FILE_NAME
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(f"{name} =")]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept), "utf-8")


def protection(site: Site) -> Protection:
    """Return what a run on a site would gather."""
    file = config.load(site.directory)
    job, _, _ = prepare(file, "", lambda _verb, _done, _of: None, site.outside())
    return job.protect()


def gathered(site: Site) -> SafeList:
    """Return what must not be blocked in a run on a site."""
    return protection(site).safelist


def rule(safelist: SafeList, name: str) -> Rule:
    """Return the one rule of a name."""
    (found,) = (r for r in safelist.rules if r.name == name)
    return found


def shown(found: Rule) -> list[str]:
    """Return the networks of a rule, as text."""
    return [str(r) for r in (*found.v4, *found.v6)]

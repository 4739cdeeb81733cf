"""Several processes that train one network, each with a share of every batch: `torchrun` starts
them. A process that was started alone is a team of one."""

import os
from collections.abc import Iterable

import torch
from torch import Tensor, distributed, nn


class Team:
    """This process among the others. Every method must be called by all, in the same order."""

    def __init__(self, device: str = "auto") -> None:
        """`device` is cpu, cuda, or auto: cuda where there is one."""
        self.rank = int(os.environ.get("RANK", "0"))
        self.size = int(os.environ.get("WORLD_SIZE", "1"))
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        if device == "cuda":
            device = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
            torch.cuda.set_device(device)
        self.device = device
        if self.size > 1:
            distributed.init_process_group("nccl" if device.startswith("cuda") else "gloo")

    @property
    def leads(self) -> bool:
        """Whether this one writes files and speaks."""
        return self.rank == 0

    def alike(self, *networks: nn.Module) -> None:
        """Give everybody the first one's weights."""
        if self.size > 1:
            for network in networks:
                for tensor in (*network.parameters(), *network.buffers()):
                    distributed.broadcast(tensor.detach(), 0)

    def average_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """One message for all gradients: hundreds of small ones would wait for each other."""
        if self.size == 1:
            return
        gradients = [p.grad for p in parameters if p.grad is not None]
        flat = self.mean(torch.cat([g.flatten() for g in gradients]))
        parts = flat.split([g.numel() for g in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))

    def mean(self, values: Tensor) -> Tensor:
        """The mean over all."""
        if self.size > 1:
            values = values.clone()
            distributed.all_reduce(values)
            values = values / self.size
        return values

    def any(self, *wishes: bool) -> list[bool]:
        """For each wish, whether anybody has it."""
        if self.size == 1:
            return list(wishes)
        counts = torch.tensor([float(wish) for wish in wishes], device=self.device)
        distributed.all_reduce(counts)
        return [count > 0 for count in counts.tolist()]

    def wait(self) -> None:
        """Until all are here."""
        if self.size > 1:
            distributed.barrier()

    def leave(self) -> None:
        """The end of working together."""
        if self.size > 1:
            distributed.destroy_process_group()

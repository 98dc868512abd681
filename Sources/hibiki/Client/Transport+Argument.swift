// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import ArgumentParser
public import HibikiClient

extension Transport: ExpressibleByArgument {}

-- Lists of contracts, offers and of the work they bring.
CREATE INDEX contract_lies ON contract (district, subdistrict, number);
CREATE INDEX contract_number_part ON contract USING gin (number gin_trgm_ops);
CREATE INDEX admission_offer_newest ON admission_offer (district, lower(offered) DESC, id DESC);
